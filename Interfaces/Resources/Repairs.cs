namespace ClusterGrains.Resources;

/// <summary>What a grain had to put right when it was woken.</summary>
[Flags, GenerateSerializer, Alias("ClusterGrains.Repairs")]
public enum Repairs
{
    None = 0,

    /// <summary>Its reminder was not in the table, or had another period.</summary>
    Reminder = 1,

    /// <summary>Its turn was overdue: a run, the rest of its history, its end.</summary>
    Turn = 2,
}
