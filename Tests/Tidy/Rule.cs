namespace ClusterGrains.Tests.Tidy;

/// <summary>Fails with one readable line per violation.</summary>
internal static class Rule
{
    /// <param name="rule">What holds everywhere, as a sentence without a full stop.</param>
    /// <param name="violations">Each begins with the place.</param>
    public static void Holds(string rule, IEnumerable<string> violations)
    {
        var found = violations.Order(StringComparer.Ordinal).ToArray();
        Assert.True(found.Length == 0, $"{rule}.\n{string.Join('\n', found)}");
    }
}
