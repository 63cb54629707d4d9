// The oldest browsers that we promise. What they do not know must not be needed;
// docs/design.md says what is written instead.
const browsers = ['chrome 90', 'safari 13', 'ios_saf 13', 'samsung 15', 'firefox 91']

export default {
  plugins: ['stylelint-no-unsupported-browser-features'],
  rules: {
    'plugin/no-unsupported-browser-features': [true, {
      browsers,
      // What is known in part is most of CSS; what of it we may not use stands below.
      ignorePartialSupport: true,
      // A browser without these shows its own ring around what has the focus, and
      // its own size of letters; one that knows no @page asks for the size of the paper.
      ignore: ['css-paged-media', 'css-focus-visible', 'text-size-adjust', 'extended-system-fonts']
    }],
    'property-disallowed-list': [
      // Left and right are the other way round in Arabic.
      /^(margin|padding|border)-(left|right)/,
      // Safari 13 knows the four sides of these, but not the two together.
      /^(margin|padding|border)-(inline|block)$/, /^inset/, 'aspect-ratio'
    ],
    'declaration-property-value-disallowed-list': { 'text-align': ['left', 'right'], float: ['left', 'right'] },
    'function-disallowed-list': ['clamp', 'min', 'max'],
    'at-rule-disallowed-list': ['layer', 'container'],
    'selector-pseudo-class-disallowed-list': ['has', 'is', 'where'],
    'selector-nested-pattern': '^$',
    'no-duplicate-selectors': true,
    'declaration-block-no-duplicate-properties': [true, { ignore: ['consecutive-duplicates-with-different-values'] }],
    'color-no-invalid-hex': true,
    'block-no-empty': true,
    'custom-property-no-missing-var-function': true
  }
}
