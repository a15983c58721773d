using System.Collections.Immutable;

namespace ClusterGrains.Status;

/// <summary>One entry of <c>status.conditions</c>, after the Kubernetes convention.</summary>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">PascalCase.</param>
/// <param name="LastTransitionTime">When <paramref name="Status"/> last changed.</param>
public sealed record Condition(
    string Type, string Status, string Reason, string Message, DateTimeOffset LastTransitionTime, long ObservedGeneration)
{
    public const string True = "True";
    public const string False = "False";
    public const string Unknown = "Unknown";

    /// <summary>The <paramref name="wanted"/> conditions; one whose status did not change keeps its transition time.</summary>
    public static ImmutableArray<Condition> Merge(ImmutableArray<Condition> known, params ReadOnlySpan<Condition> wanted)
    {
        var merged = ImmutableArray.CreateBuilder<Condition>(wanted.Length);
        foreach (var condition in wanted)
        {
            var before = known.FirstOrDefault(c => c.Type == condition.Type && c.Status == condition.Status);
            merged.Add(before is null ? condition : condition with { LastTransitionTime = before.LastTransitionTime });
        }

        return merged.MoveToImmutable();
    }
}
