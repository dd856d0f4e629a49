export default {
  unlimited: "Voice without a limit.",
  left: "{minutes} min {seconds} s of voice left today.",
  subscribe: { one: "30 days without a limit · {count} coin", other: "30 days without a limit · {count} coins" },
  subscribeTitle: "Hear {name} without a limit?",
  taken: {
    one: "{count} coin is taken from your wallet now, for 30 days.",
    other: "{count} coins are taken from your wallet now, for 30 days.",
  },
  have: { one: "You have {count} coin.", other: "You have {count} coins." },
  haveTooFew: {
    one: "You have {count} coin, which is not enough.",
    other: "You have {count} coins, which is not enough.",
  },
  pay: { one: "Pay {count} coin", other: "Pay {count} coins" },
};
