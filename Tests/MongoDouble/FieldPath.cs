using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>A dotted path through documents. What MongoDB does when it meets an array on the way is not imitated.</summary>
internal sealed class FieldPath
{
    private readonly string[] _steps;
    private readonly string _text;

    public FieldPath(string text)
    {
        _steps = text.Split('.');
        _text = text;
        if (_steps.Any(step => step.Length == 0 || step[0] == '$'))
        {
            throw CommandRefused.NotUnderstood($"the field path '{text}'");
        }
    }

    public bool Exists(BsonDocument document) => Any(document) is not null;

    /// <summary>A value to compare; null where there is none.</summary>
    public BsonValue? Find(BsonDocument document) => Any(document) switch
    {
        BsonArray => throw CommandRefused.NotUnderstood($"'{_text}', which is an array, in a filter, sort or index"),
        var value => value,
    };

    /// <summary>The value, whatever it is; null where there is none.</summary>
    public BsonValue? Any(BsonDocument document)
    {
        BsonValue value = document;
        foreach (var step in _steps)
        {
            if (value is BsonArray)
            {
                throw CommandRefused.NotUnderstood($"'{_text}', which leads through an array");
            }

            if (value is not BsonDocument parent || !parent.TryGetValue(step, out value))
            {
                return null;
            }
        }

        return value;
    }

    public void Set(BsonDocument document, BsonValue value) => Parent(document, create: true)![_steps[^1]] = value;

    public void Unset(BsonDocument document) => Parent(document, create: false)?.Remove(_steps[^1]);

    /// <summary>Changing both in one update has no meaning.</summary>
    public bool Overlaps(FieldPath other) =>
        _steps.Zip(other._steps).All(pair => pair.First == pair.Second);

    private BsonDocument? Parent(BsonDocument document, bool create)
    {
        foreach (var step in _steps[..^1])
        {
            if (!document.TryGetValue(step, out var next))
            {
                if (!create)
                {
                    return null;
                }

                document[step] = next = new BsonDocument();
            }

            document = next as BsonDocument
                ?? throw new CommandRefused(28, "PathNotViable", $"Cannot use '{step}' of '{_text}': it is no document.");
        }

        return document;
    }
}
