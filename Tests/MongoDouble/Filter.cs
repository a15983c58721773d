using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>Which documents a statement is about.</summary>
internal sealed class Filter
{
    private readonly Predicate<BsonDocument>[] _conditions;

    public Filter(BsonDocument filter)
    {
        _conditions = [.. filter.SelectMany(Conditions)];
        Id = filter.TryGetValue("_id", out var id) && !IsOperators(id) ? id : null;
        IsById = Id is not null && filter.ElementCount == 1;
    }

    /// <summary>The only <c>_id</c> that can match; null when several may.</summary>
    public BsonValue? Id { get; }

    /// <summary>Nothing but <see cref="Id"/> decides.</summary>
    public bool IsById { get; }

    public bool Matches(BsonDocument document) => Array.TrueForAll(_conditions, holds => holds(document));

    private static bool IsOperators(BsonValue value) =>
        value is BsonDocument { ElementCount: > 0 } document && document.GetElement(0).Name.StartsWith('$');

    private static IEnumerable<Predicate<BsonDocument>> Conditions(BsonElement element)
    {
        switch (element.Name)
        {
            case "$and":
                return Branches(element).Select(branch => (Predicate<BsonDocument>)branch.Matches);
            case "$or":
                var branches = Branches(element).ToArray();
                return [document => Array.Exists(branches, branch => branch.Matches(document))];
            case ['$', ..]:
                throw CommandRefused.NotUnderstood($"the operator {element.Name} in a filter");
        }

        var path = new FieldPath(element.Name);
        return IsOperators(element.Value)
            ? element.Value.AsBsonDocument.Select(operation => Condition(path, operation.Name, operation.Value))
            : [Condition(path, "$eq", element.Value)];
    }

    private static IEnumerable<Filter> Branches(BsonElement element) =>
        element.Value is BsonArray { Count: > 0 } branches && branches.All(branch => branch is BsonDocument)
            ? branches.Select(branch => new Filter(branch.AsBsonDocument))
            : throw CommandRefused.NotUnderstood($"{element.Name} without an array of filters");

    private static Predicate<BsonDocument> Condition(FieldPath path, string operation, BsonValue operand) => operation switch
    {
        "$eq" => Equality(path, operand),
        "$ne" => Not(Equality(path, operand)),
        "$in" => operand is BsonArray any
            ? Any([.. any.Select(value => Equality(path, value))])
            : throw CommandRefused.NotUnderstood("$in without an array"),
        "$gt" => Range(path, operand, order => order > 0),
        "$gte" => Range(path, operand, order => order >= 0),
        "$lt" => Range(path, operand, order => order < 0),
        "$lte" => Range(path, operand, order => order <= 0),
        "$exists" => operand.ToBoolean() ? path.Exists : Not(path.Exists),
        _ => throw CommandRefused.NotUnderstood($"the operator {operation} in a filter"),
    };

    /// <summary>A field that is not there equals null.</summary>
    private static Predicate<BsonDocument> Equality(FieldPath path, BsonValue operand)
    {
        RefuseArray(operand);
        return document => BsonOrder.Compare(path.Find(document) ?? BsonNull.Value, operand) == 0;
    }

    /// <summary>Only values of the operand's kind are less or greater than it.</summary>
    private static Predicate<BsonDocument> Range(FieldPath path, BsonValue operand, Predicate<int> holds)
    {
        RefuseArray(operand);
        var kind = operand.IsBsonNull
            ? throw CommandRefused.NotUnderstood("a range that begins or ends at null")
            : BsonOrder.Kind(operand);
        return document =>
            path.Find(document) is { } value && BsonOrder.Kind(value) == kind && holds(BsonOrder.Compare(value, operand));
    }

    private static void RefuseArray(BsonValue operand)
    {
        if (operand is BsonArray or BsonRegularExpression)
        {
            throw CommandRefused.NotUnderstood($"a value of type {operand.BsonType} in a filter");
        }
    }

    private static Predicate<BsonDocument> Not(Predicate<BsonDocument> condition) => document => !condition(document);

    private static Predicate<BsonDocument> Any(Predicate<BsonDocument>[] conditions) =>
        document => Array.Exists(conditions, holds => holds(document));
}
