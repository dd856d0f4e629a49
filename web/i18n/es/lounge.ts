export default {
  unlimited: "Voz sin límite.",
  left: "Hoy quedan {minutes} min {seconds} s de voz.",
  subscribe: { one: "30 días sin límite · {count} moneda", other: "30 días sin límite · {count} monedas" },
  subscribeTitle: "¿Oír a {name} sin límite?",
  taken: { one: "Se toma ahora {count} moneda de tu monedero, por 30 días.", other: "Se toman ahora {count} monedas de tu monedero, por 30 días." },
  have: { one: "Tienes {count} moneda.", other: "Tienes {count} monedas." },
  haveTooFew: { one: "Tienes {count} moneda, y no es suficiente.", other: "Tienes {count} monedas, y no es suficiente." },
  pay: { one: "Pagar {count} moneda", other: "Pagar {count} monedas" },
};
