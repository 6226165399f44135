"""What several pages share: session, layout, filters, maps, downloads."""
