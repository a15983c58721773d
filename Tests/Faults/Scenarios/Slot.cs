using System.Globalization;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>A place in a sentence where a value stands.</summary>
/// <param name="Meaning">What may stand there, to end "expected …".</param>
/// <param name="Example">A value as somebody would write it.</param>
/// <param name="Read">The value at a word and how many words it takes; null when there is none.</param>
internal sealed record Slot(string Meaning, string Example, Func<string[], int, (object Value, int Words)?> Read)
{
    public const int All = int.MaxValue;

    private const int MaxCount = 10_000;

    /// <summary>By their names in patterns.</summary>
    public static readonly IReadOnlyDictionary<string, Slot> ByName = new Dictionary<string, Slot>(StringComparer.Ordinal)
    {
        ["<count>"] = new($"a number from 1 to {MaxCount}, 'a' or 'all'", "3", Count),
        ["<time>"] = new("a duration such as 500ms, 10s or 2m", "10s", Time),
        ["<silo>"] = new($"'silo' and its number, or {string.Join(", ", Roles.Keys.Select(role => $"'{role}'"))}", "the relay's silo", Silo),
        ["<kind>"] = new("clusters or datasets", "clusters", Kind),
        ["<status>"] = new("an HTTP status from 400 to 599", "429", Status),
    };

    private static Dictionary<string, SiloRole> Roles => new(StringComparer.Ordinal)
    {
        ["the relay's silo"] = SiloRole.Relay,
        ["the loader's silo"] = SiloRole.Loader,
        ["the frozen silo"] = SiloRole.Frozen,
        ["another silo"] = SiloRole.Other,
    };

    private static (object, int)? Count(string[] words, int at) => words[at] switch
    {
        "a" or "an" or "one" => (1, 1),
        "all" => (All, 1),
        var word when Number(word) is > 0 and <= MaxCount and var count => (count, 1),
        _ => null,
    };

    private static (object, int)? Time(string[] words, int at) =>
        Durations.TryParse(words[at], out var duration) && duration > TimeSpan.Zero ? (duration, 1) : null;

    private static (object, int)? Silo(string[] words, int at)
    {
        if (words[at] == "silo" && at + 1 < words.Length && Number(words[at + 1]) is > 0 and var number)
        {
            return (new SiloReference(SiloRole.Numbered, number), 2);
        }

        foreach (var (name, role) in Roles)
        {
            var length = name.Split(' ').Length;
            if (at + length <= words.Length && string.Join(' ', words[at..(at + length)]) == name)
            {
                return (new SiloReference(role), length);
            }
        }

        return null;
    }

    private static (object, int)? Kind(string[] words, int at) => words[at] switch
    {
        "cluster" or "clusters" => (SearchClusters.Kind, 1),
        "dataset" or "datasets" => (SearchDatasets.Kind, 1),
        _ => null,
    };

    private static (object, int)? Status(string[] words, int at) => Number(words[at]) is >= 400 and <= 599 and var status ? (status, 1) : null;

    private static int? Number(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>How a scenario names a silo.</summary>
internal enum SiloRole
{
    /// <summary>By the number it was started with.</summary>
    Numbered,

    /// <summary>The one in which the watch relay lives.</summary>
    Relay,

    /// <summary>One in which a dataset is being loaded.</summary>
    Loader,

    /// <summary>The frozen one with the lowest number.</summary>
    Frozen,

    /// <summary>The running one with the lowest number that has not the relay.</summary>
    Other,
}

internal sealed record SiloReference(SiloRole Role, int Number = 0);
