namespace ClusterGrains.History;

/// <summary>From this number on, up to the next such mark, records bear this day.</summary>
/// <param name="Day">UTC; that of the folder in which the objects lie.</param>
public sealed record NumberedDay(DateOnly Day, long FromSeq);
