using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets;

public sealed class VersionNamesTests
{
    [Theory]
    [InlineData(VersionOrder.Lexical, "2026-01-09 2026-01-10 2026-1-1 v10 v9")]
    [InlineData(VersionOrder.Numeric, "v1 v001.5 v2 v2a v9 v10 v99999999999999999999998 v99999999999999999999999 w1")]
    [InlineData(VersionOrder.SemVer, "v1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.2.0 v1.10.0 2.0.0+build 2.0.1")]
    public void Versions_are_ordered_oldest_first(VersionOrder order, string oldestFirst)
    {
        var expected = oldestFirst.Split(' ');
        var names = Of(order: order);

        Assert.Equal(expected, expected.Reverse().Order(names));
    }

    [Fact]
    public void Lexical_means_byte_by_byte_as_a_bucket_lists_them() =>
        Assert.True(Of().Compare("\uFFEE", "\U0001F600") < 0);

    [Theory]
    [InlineData(VersionOrder.Numeric, "v1", "v01")]
    [InlineData(VersionOrder.SemVer, "1.0.0", "v1.0.0")]
    [InlineData(VersionOrder.SemVer, "1.0.0+a", "1.0.0+b")]
    public void Two_names_of_equal_rank_still_have_an_order(VersionOrder order, string one, string other)
    {
        var names = Of(order: order);

        Assert.NotEqual(0, names.Compare(one, other));
        Assert.Equal(Math.Sign(names.Compare(one, other)), -Math.Sign(names.Compare(other, one)));
    }

    [Theory]
    [InlineData("2026-11-22", true)]
    [InlineData("_tmp", false)]
    [InlineData(".hidden", false)]
    [InlineData("..", false)]
    [InlineData("", false)]
    [InlineData("a/b", false)]
    [InlineData("a\\b", false)]
    [InlineData("a\nb", false)]
    public void Without_a_pattern_every_plain_name_is_a_version(string name, bool isVersion) =>
        Assert.Equal(isVersion, Of().IsVersion(name));

    [Theory]
    [InlineData("v1", true)]
    [InlineData("v12", true)]
    [InlineData("xv1", false)]
    [InlineData("v1x", false)]
    [InlineData("v1\n", false)]
    [InlineData("../v1", false)]
    public void A_pattern_fits_the_whole_name(string name, bool isVersion) =>
        Assert.Equal(isVersion, Of("v[0-9]|v[0-9]+").IsVersion(name));

    [Fact]
    public void Of_semantic_versions_other_names_are_none()
    {
        var names = Of(order: VersionOrder.SemVer);

        Assert.All(["1.2.3", "v1.2.3-rc.1"], name => Assert.True(names.IsVersion(name)));
        Assert.All(["1.2", "01.2.3", "latest"], name => Assert.False(names.IsVersion(name)));
    }

    [Fact]
    public void No_pattern_runs_away() => Assert.False(Of("(a+)+b").IsVersion(new string('a', 100)));

    [Theory]
    [InlineData("[0-9", "[0-9")]
    [InlineData("a)|(b", "a)|(b")]
    [InlineData("a(?=b)", "lookahead")]
    [InlineData(@"(a)\1", "backreference")]
    [InlineData("((a{1000}){1000}){1000}", "larger than the configured limit")]
    public void A_broken_or_excessive_pattern_is_told(string pattern, string problem) =>
        Assert.Contains(problem, VersionNames.PatternProblem(pattern), StringComparison.Ordinal);

    private static VersionNames Of(string? pattern = null, VersionOrder order = VersionOrder.Lexical) =>
        new(new SourceSpec { Uri = "file:///x", Pattern = pattern, Order = order });
}
