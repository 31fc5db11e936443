// Under each picture: save it as SVG, or at twice its size as PNG. Nothing is asked of any server.
(() => {
  'use strict';
  const save = (address, image, ending) => {
    const name = image.alt.split('. ')[0].toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 60);
    Object.assign(document.createElement('a'), {href: address, download: `${name}.${ending}`}).click();
  };
  const png = image => {
    const canvas = document.createElement('canvas');
    canvas.width = 2 * image.getAttribute('width');
    canvas.height = 2 * image.getAttribute('height');
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(file => {
      const address = URL.createObjectURL(file);
      save(address, image, 'png');
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    });
  };
  const ways = {PNG: png, SVG: image => save(image.src, image, 'svg')};
  for (const image of document.querySelectorAll('figure img[width]')) {
    const buttons = Object.entries(ways).map(([kind, way]) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = `Save picture (${kind})`;
      button.addEventListener('click', () => way(image));
      return button;
    });
    const tools = document.createElement('p');
    tools.className = 'tools';
    tools.append(...buttons);
    image.parentElement.after(tools);
  }
})();
