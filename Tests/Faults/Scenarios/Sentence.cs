using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>One form of sentence: its words, in some places of which values stand, and what it does.</summary>
/// <param name="Pattern">Words and names of slots; a word that ends in <c>(s)</c> may be written without and with the s.</param>
/// <param name="Act">Does it; what there is to say of it, for example which silo it was, or nothing.</param>
internal sealed record Sentence(string Pattern, Func<FleetWorld, Values, CancellationToken, Task<string>> Act)
{
    private readonly string[] _parts = Pattern.Split(' ');

    /// <summary>The sentence as somebody would write it.</summary>
    public string Example { get; } = string.Join(' ', Pattern.Split(' ').Select(
        part => Slot.ByName.TryGetValue(part, out var slot) ? slot.Example : part.Replace("(s)", "s", StringComparison.Ordinal)));

    /// <summary>A fault or its end: what happens from then on until the next one is measured.</summary>
    public bool IsEvent { get; init; }

    /// <summary>Reads words as this sentence, as far as they fit.</summary>
    public Fit Match(string[] words)
    {
        var values = new Values();
        var at = 0;
        foreach (var part in _parts)
        {
            if (at == words.Length)
            {
                return new Fit(this, at, Expected(part), null);
            }

            if (!Slot.ByName.TryGetValue(part, out var slot))
            {
                if (!IsWord(part, words[at]))
                {
                    return new Fit(this, at, Expected(part), null);
                }

                at++;
            }
            else if (slot.Read(words, at) is { } read)
            {
                values.Add(part, read.Value);
                at += read.Words;
            }
            else
            {
                return new Fit(this, at, Expected(part), null);
            }
        }

        return at < words.Length ? new Fit(this, at, "the end of the line", null) : new Fit(this, at, "", values);
    }

    private static bool IsWord(string part, string word) => part.EndsWith("(s)", StringComparison.Ordinal)
        ? word == part[..^3] || word == $"{part[..^3]}s"
        : word == part;

    private static string Expected(string part) =>
        Slot.ByName.TryGetValue(part, out var slot) ? slot.Meaning : $"'{part.Replace("(s)", "s", StringComparison.Ordinal)}'";
}

/// <summary>How far some words fit a sentence.</summary>
/// <param name="Words">How many fit.</param>
/// <param name="Expected">What was expected behind them.</param>
/// <param name="Values">Null when not all fit.</param>
internal sealed record Fit(Sentence Sentence, int Words, string Expected, Values? Values);

/// <summary>What stands in the slots of one sentence.</summary>
internal sealed class Values
{
    private readonly Dictionary<string, object> _all = new(StringComparer.Ordinal);

    public int Count => (int)_all["<count>"];

    public TimeSpan Time => (TimeSpan)_all["<time>"];

    public SiloReference Silo => (SiloReference)_all["<silo>"];

    public ResourceKind Kind => (ResourceKind)_all["<kind>"];

    public int Status => (int)_all["<status>"];

    public void Add(string slot, object value) => _all.Add(slot, value);
}
