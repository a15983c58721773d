using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Resources;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1h1m1s1ms", 3_661_001)]
    [InlineData("0s", 0)]
    [InlineData("250ms", 250)]
    public void A_duration_means_what_it_says(string text, long milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("90")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("30m1h")]
    [InlineData("5m5m")]
    [InlineData(" 5m")]
    [InlineData("5m\n")]
    [InlineData("5 m")]
    [InlineData("1d")]
    [InlineData("10000000s")]
    [InlineData("٣s")]
    public void Anything_else_is_refused(string? text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData("90s", "1m30s")]
    [InlineData("3600s", "1h")]
    [InlineData("48h", "48h")]
    [InlineData("0m", "0s")]
    [InlineData("9999999h9999999m", "10166665h39m")]
    public void The_text_of_a_duration_is_its_shortest_form(string text, string shortest) =>
        Assert.Equal(shortest, Durations.Format(Durations.Parse(text)));
}
