# complete.zsh FOLDER TYPED: what an interactive zsh makes of TYPED when the tabulator key is pressed, with the
# completions of FOLDER; ends when "<END>" would be typed behind it.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=(${(q)1} \$fpath); autoload -U compinit; compinit -u -D; PS1=REA''DY"
zpty -r shell said '*READY*'
zpty -w -n shell "$2"$'\t<END>'
zpty -r shell said '*<END>*'
print -r -- "$said"
