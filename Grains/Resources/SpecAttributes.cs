namespace ClusterGrains.Resources;

/// <summary>What the schema asks of each item of a list of texts.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemsAttribute(int maxLength, string pattern) : Attribute
{
    public int MaxLength { get; } = maxLength;

    public string Pattern { get; } = pattern;
}

/// <summary>How many properties of an object may be set (<c>maxProperties</c>).</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AtMostAttribute(int count) : Attribute
{
    public int Count { get; } = count;
}
