"""The web server: routes beside the pages, the datasets they serve, and what is kept between requests."""
