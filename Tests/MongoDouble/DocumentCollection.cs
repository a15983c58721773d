using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>Documents by <c>_id</c>, and the keys of unique indexes. Stored documents are never changed, only replaced.</summary>
internal sealed class DocumentCollection(string name)
{
    private const int LargestDocument = 16 * 1024 * 1024;

    private readonly SortedDictionary<BsonValue, BsonDocument> _documents = new(BsonOrder.Instance);
    private readonly Dictionary<string, (IndexSpec Spec, SortedDictionary<BsonValue, BsonValue> Keys)> _indexes = [];

    public IEnumerable<BsonDocument> Documents => _documents.Values;

    public IEnumerable<BsonDocument> IndexSpecs => _indexes.Values.Select(index => index.Spec.Spec);

    /// <summary>
    /// All that match. Without a sort MongoDB promises no order; here it is backwards, so that nobody comes to rely on one.
    /// </summary>
    public IEnumerable<BsonDocument> Find(Filter filter)
    {
        if (filter.Id is null)
        {
            return _documents.Values.Reverse().Where(filter.Matches);
        }

        return _documents.TryGetValue(filter.Id, out var document) && filter.Matches(document) ? [document] : [];
    }

    /// <summary>Refuses what <see cref="Put"/> must not be given.</summary>
    public void Check(BsonDocument document, bool isNew)
    {
        if (document.ToBson().Length > LargestDocument)
        {
            throw new CommandRefused(10334, "BSONObjectTooLarge", "A document has at most 16 MiB.");
        }

        var id = document["_id"];
        if (id is BsonArray or BsonRegularExpression || document.Names.Any(field => field.StartsWith('$')))
        {
            throw CommandRefused.NotUnderstood("an _id that is an array, or a field whose name begins with $");
        }

        if (isNew && _documents.ContainsKey(id))
        {
            throw new DuplicateKey(name, "_id_", new BsonDocument("_id", id));
        }

        foreach (var (spec, keys) in _indexes.Values)
        {
            if (spec.Key(document) is { } key && spec.IsUnique
                && keys.TryGetValue(key, out var owner) && BsonOrder.Compare(owner, id) != 0)
            {
                throw new DuplicateKey(name, spec.Name, key);
            }
        }
    }

    public void Put(BsonDocument document)
    {
        Remove(document["_id"]);
        _documents[document["_id"]] = document;
        foreach (var (spec, keys) in _indexes.Values.Where(index => index.Spec.IsUnique))
        {
            if (spec.Key(document) is { } key)
            {
                keys[key] = document["_id"];
            }
        }
    }

    public void Remove(BsonValue id)
    {
        if (!_documents.Remove(id, out var document))
        {
            return;
        }

        foreach (var (spec, keys) in _indexes.Values.Where(index => index.Spec.IsUnique))
        {
            if (spec.Key(document) is { } key)
            {
                keys.Remove(key);
            }
        }
    }

    /// <summary>False when the very same index is there already.</summary>
    public bool Lacks(IndexSpec spec)
    {
        if (!_indexes.TryGetValue(spec.Name, out var known))
        {
            return true;
        }

        return known.Spec.Spec == spec.Spec
            ? false
            : throw new CommandRefused(86, "IndexKeySpecsConflict", $"There is another index named {spec.Name}: {known.Spec.Spec}");
    }

    public void Add(IndexSpec spec)
    {
        var keys = new SortedDictionary<BsonValue, BsonValue>(BsonOrder.Instance);
        foreach (var document in _documents.Values)
        {
            if (spec.Key(document) is { } key && spec.IsUnique && !keys.TryAdd(key, document["_id"]))
            {
                throw new DuplicateKey(name, spec.Name, key);
            }
        }

        _indexes.Add(spec.Name, (spec, keys));
    }
}
