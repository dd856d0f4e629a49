export default {
  unlimited: "Stimme ohne Grenze.",
  left: "Heute noch {minutes} min {seconds} s Stimme.",
  subscribe: { one: "30 Tage ohne Grenze · {count} Coin", other: "30 Tage ohne Grenze · {count} Coins" },
  subscribeTitle: "{name} ohne Grenze hören?",
  taken: { one: "{count} Coin wird jetzt von deinem Guthaben genommen, für 30 Tage.", other: "{count} Coins werden jetzt von deinem Guthaben genommen, für 30 Tage." },
  have: { one: "Du hast {count} Coin.", other: "Du hast {count} Coins." },
  haveTooFew: { one: "Du hast {count} Coin, das reicht nicht.", other: "Du hast {count} Coins, das reicht nicht." },
  pay: { one: "{count} Coin zahlen", other: "{count} Coins zahlen" },
};
