export default {
  unlimited: "Voix sans limite.",
  left: "Il reste {minutes} min {seconds} s de voix aujourd’hui.",
  subscribe: { one: "30 jours sans limite · {count} pièce", other: "30 jours sans limite · {count} pièces" },
  subscribeTitle: "Écouter {name} sans limite ?",
  taken: { one: "{count} pièce est prélevée maintenant sur votre portefeuille, pour 30 jours.", other: "{count} pièces sont prélevées maintenant sur votre portefeuille, pour 30 jours." },
  have: { one: "Vous avez {count} pièce.", other: "Vous avez {count} pièces." },
  haveTooFew: { one: "Vous avez {count} pièce, ce qui ne suffit pas.", other: "Vous avez {count} pièces, ce qui ne suffit pas." },
  pay: { one: "Payer {count} pièce", other: "Payer {count} pièces" },
};
