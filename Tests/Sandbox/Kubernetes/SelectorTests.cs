using ClusterGrains.Sandbox.Kubernetes.Selectors;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

public sealed class SelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["team"] = "a", ["app.kubernetes.io/name"] = "x", ["n"] = "5" };

    [Theory]
    [InlineData("", true)]
    [InlineData("team=a", true)]
    [InlineData("team == a", true)]
    [InlineData("team=b", false)]
    [InlineData("team!=b", true)]
    [InlineData("none!=b", true)]
    [InlineData("team in (a,b)", true)]
    [InlineData("team in (b)", false)]
    [InlineData("team notin (a, b)", false)]
    [InlineData("none notin (a)", true)]
    [InlineData("team", true)]
    [InlineData("none", false)]
    [InlineData("!none", true)]
    [InlineData("!team", false)]
    [InlineData("n>4", true)]
    [InlineData("n<4", false)]
    [InlineData("team=a,app.kubernetes.io/name in (x,y),!none", true)]
    [InlineData("team=a,n>9", false)]
    [InlineData("team=", false)]
    public void A_label_selector_follows_the_whole_grammar(string selector, bool matches) =>
        Assert.Equal(matches, LabelSelector.Parse(selector).Matches(Labels));

    [Theory]
    [InlineData("team within (a)")]
    [InlineData("n>x")]
    [InlineData("a b")]
    [InlineData("=a")]
    [InlineData("a,,b")]
    public void What_is_no_selector_is_refused(string selector) =>
        Assert.Throws<FormatException>(() => LabelSelector.Parse(selector));
}
