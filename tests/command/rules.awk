# SPDX-License-Identifier: GPL-2.0-only
# Reads the allow rules that sesearch prints. Prints a line for each permission:
# SOURCE TARGET CLASS PERMISSION CONDITION, where CONDITION is "-" or like "boolean=True".
$1 == "allow" {
	condition = "-"
	if (match($0, /\[ .* \]:(True|False)/)) {
		condition = substr($0, RSTART + 2, RLENGTH - 2)
		sub(/ \]:/, "=", condition)
	}
	rule = $0
	sub(/;.*/, "", rule)
	gsub(/[{}:]/, " ", rule)
	n = split(rule, word, " ")
	for (i = 5; i <= n; i++)
		print word[2], word[3], word[4], word[i], condition
}
