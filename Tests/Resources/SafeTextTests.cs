using System.Globalization;
using System.Text;
using ClusterGrains.Resources;
using CsCheck;

namespace ClusterGrains.Tests.Resources;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("data-0", "data-0")]
    [InlineData("\u001b[31mred\u001b[0m", "[31mred [0m")]
    [InlineData("two\r\nlines\u2028three", "two lines three")]
    [InlineData("  runs \t of   blanks  ", "runs of blanks")]
    [InlineData("evil\u202Egnp.exe", "evil gnp.exe")]
    [InlineData("Käse 🧀", "Käse 🧀")]
    [InlineData("0123456789abcdef", "0123456789abcdef")]
    [InlineData("0123456789abcdefg", "0123456789abcde…")]
    [InlineData("0123456789abcd🧀🧀", "0123456789abcd…")]
    public void Text_of_strangers_becomes_one_safe_line(string? text, string safe) => Assert.Equal(safe, SafeText.Clean(text, 16));

    // No attribute can hold it.
    [Fact]
    public void Half_a_surrogate_pair_is_a_blank() => Assert.Equal("half pair", SafeText.Clean("half \ud83d pair", 16));

    [Fact]
    public void No_text_gets_through_unsafe_or_too_long() => Gen.Select(Gen.String, Gen.Int[1, 40]).Sample((text, max) =>
    {
        var clean = SafeText.Clean(text, max);

        Assert.True(clean.Length <= max);
        Assert.DoesNotContain(clean.EnumerateRunes(), rune => Rune.IsControl(rune)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator || rune == Rune.ReplacementChar && !text.Contains('\uFFFD'));
        Assert.Equal(clean, SafeText.Clean(clean, max));
    });
}
