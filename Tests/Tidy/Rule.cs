namespace ClusterGrains.Tests.Tidy;

/// <summary>Fails with one readable line per violation.</summary>
internal static class Rule
{
    /// <summary>
    /// Violations that were there before their rule, by rule and the beginning of the violation. The list only shrinks.
    /// </summary>
    private static readonly (string Rule, string Violation)[] Ratchet =
    [
        ("A concept uses only the concepts it stands on", "Grains/History/"),
    ];

    /// <param name="rule">What holds everywhere, as a sentence without a full stop.</param>
    /// <param name="violations">Each begins with the place.</param>
    public static void Holds(string rule, IEnumerable<string> violations)
    {
        var found = violations
            .Where(violation => !Ratchet.Any(known =>
                known.Rule == rule && violation.StartsWith(known.Violation, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.True(found.Length == 0, $"{rule}.\n{string.Join('\n', found)}");
    }
}
