// What the session tells `history.js`: the query of the other pages' addresses, and whether something is written and not saved.
export default function (component) {
  window.explorerLinks = component.data.links;
  window.explorerUnsaved = component.data.unsaved;
}
