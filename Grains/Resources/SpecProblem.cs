namespace ClusterGrains.Resources;

/// <summary>What is wrong with a spec that the schema let pass.</summary>
/// <param name="Field">For example <c>spec.schedule.interval</c>.</param>
/// <param name="Value">As found; empty when the point is that there is none.</param>
/// <param name="Cure">What to write instead, as a sentence.</param>
public sealed record SpecProblem(string Field, string Value, string Cure)
{
    public override string ToString() => Value.Length == 0 ? $"{Field}: {Cure}" : $"{Field} '{Value}': {Cure}";
}
