using System.Buffers.Text;
using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>All indices of one pretend cluster. Changes are one after the other; documents come at once.</summary>
internal sealed class PretendIndices
{
    /// <summary>Three nodes with the engines' default of 1000 shards each.</summary>
    public const int MostShards = 3000;

    /// <summary>Of one cluster. More is refused, so that a test that never ends does not eat the machine.</summary>
    public const long MostBytes = 8L << 30;

    private volatile ImmutableSortedDictionary<string, PretendIndex> _indices =
        ImmutableSortedDictionary.Create<string, PretendIndex>(StringComparer.Ordinal);

    private readonly string _cluster;
    private readonly TimeProvider _time;
    private readonly IndexArchive? _archive;
    private int _created;

    /// <param name="archive">Null keeps nothing over a restart.</param>
    public PretendIndices(string cluster, PretendEngine engine, TimeProvider time, IndexArchive? archive = null)
    {
        _cluster = cluster;
        Engine = engine;
        _time = time;
        _archive = archive;
        _indices = _indices.AddRange(
            archive?.Load(engine).Select(index => KeyValuePair.Create(index.Name, index)) ?? []);
    }

    /// <summary>Held while anything but documents changes.</summary>
    public Lock Changing { get; } = new();

    public IndexTemplates Templates { get; } = new();

    public PretendEngine Engine { get; }

    public bool IsArchived => _archive is not null;

    /// <summary>Ordered by name.</summary>
    public IEnumerable<PretendIndex> All => _indices.Values;

    public PretendIndex? Find(string name) => _indices.GetValueOrDefault(name);

    /// <summary>The indices that bear an alias, ordered by name.</summary>
    public IReadOnlyList<PretendIndex> Aliased(string alias) =>
        [.. All.Where(index => index.Aliases.ContainsKey(alias))];

    /// <summary>All that an expression means: names, aliases and patterns with commas between.</summary>
    /// <exception cref="EngineException">A name, other than a pattern, means nothing.</exception>
    public IReadOnlyList<PretendIndex> Resolve(string expression)
    {
        var found = new SortedDictionary<string, PretendIndex>(StringComparer.Ordinal);
        foreach (var part in expression.Split(','))
        {
            var some = Matching(part);
            if (some.Count == 0 && !IndexNames.IsPattern(part))
            {
                throw IndexErrors.NoIndex(part).Thrown();
            }

            foreach (var index in some)
            {
                found[index.Name] = index;
            }
        }

        return [.. found.Values];
    }

    /// <summary>Indices by their exact names or patterns of names; an alias is refused.</summary>
    /// <exception cref="EngineException">It is an alias, or there is none of that name.</exception>
    public IReadOnlyList<PretendIndex> Concrete(string expression)
    {
        foreach (var part in expression.Split(','))
        {
            if (Find(part) is null && Aliased(part).Count > 0)
            {
                throw IndexErrors.IsAlias(part).Thrown();
            }
        }

        return Resolve(expression);
    }

    /// <param name="body">Settings, mappings and aliases; null for none. Templates come first.</param>
    /// <exception cref="EngineException">The engine does not take it, or has an index or alias of that name.</exception>
    public PretendIndex Create(string name, JsonObject? body)
    {
        if (IndexNames.Refuse(name) is { } bad)
        {
            throw bad.Thrown();
        }

        lock (Changing)
        {
            if (Find(name) is { } known)
            {
                throw IndexErrors.Exists(known).Thrown();
            }

            if (Aliased(name).Count > 0)
            {
                throw IndexErrors.BadName(name, "already exists as alias").Thrown();
            }

            var template = Templates.For(name);
            var settings = IndexSettings.None.With(template?["settings"], Engine).With(body?["settings"], Engine);
            var index = new PretendIndex(name, NewUuid(name), _time.GetUtcNow(), settings);
            index.Mapping.Merge(template?["mappings"], Engine);
            index.Mapping.Merge(body?["mappings"], Engine);
            CheckRoom(index);
            foreach (var (alias, properties) in Both(template?["aliases"], body?["aliases"]))
            {
                index.Aliases = index.Aliases.SetItem(alias, AliasActions.Properties(properties as JsonObject ?? []));
            }

            _indices = _indices.Add(name, index);
            return index;
        }
    }

    /// <summary>The index a document goes to; one that is not there is created as by its first document.</summary>
    public (PretendIndex? Index, EngineError? Error) WriteTarget(string name, bool requireAlias)
    {
        if (Aliased(name) is { Count: > 0 } aliased)
        {
            var chosen = aliased.Where(index => IsWriteIndex(index, name, alone: aliased.Count == 1)).ToArray();
            return chosen.Length == 1 ? (chosen[0], null) : (null, NoWriteIndex(name));
        }

        if (requireAlias)
        {
            return (null, IndexErrors.NotAnAlias(name));
        }

        try
        {
            return (Find(name) ?? Create(name, body: null), null);
        }
        catch (EngineException refused)
        {
            // Somebody else may have been first.
            return Find(name) is { } index ? (index, null) : (null, refused.Error);
        }
    }

    /// <summary>Keeps what changed, but for documents.</summary>
    public void Save() => _archive?.Save(All);

    /// <summary>Keeps documents.</summary>
    public void Append(PretendIndex index, ReadOnlySpan<byte> records) => _archive?.Append(index, records);

    /// <summary>In one step. Call it with <see cref="Changing"/> held.</summary>
    public void Remove(IEnumerable<string> names) => _indices = _indices.RemoveRange(names);

    /// <summary>Indices without replicas lose what they had, for good.</summary>
    public void LosePrimaries()
    {
        foreach (var index in All.Where(index => index.Replicas == 0))
        {
            index.Lost = true;
        }
    }

    private static bool IsWriteIndex(PretendIndex index, string alias, bool alone) =>
        (bool?)index.Aliases[alias]["is_write_index"] ?? alone;

    private static EngineError NoWriteIndex(string alias) => IndexErrors.IllegalArgument(
        $"no write index is defined for alias [{alias}]. The write index may be explicitly disabled using "
        + "is_write_index=false or the alias points to multiple indices without one being designated as a write index");

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Both(JsonNode? first, JsonNode? second) =>
        (first as JsonObject ?? []).Concat(second as JsonObject ?? []);

    private List<PretendIndex> Matching(string part)
    {
        if (!IndexNames.IsPattern(part))
        {
            return Find(part) is { } exact ? [exact] : [.. Aliased(part)];
        }

        var pattern = part == "_all" ? "*" : part;
        return
        [
            .. All.Where(index => FileSystemName.MatchesSimpleExpression(pattern, index.Name, ignoreCase: false)
                || index.Aliases.Keys.Any(alias => FileSystemName.MatchesSimpleExpression(pattern, alias, ignoreCase: false))),
        ];
    }

    private void CheckRoom(PretendIndex wanted)
    {
        var open = ClusterVitals.OwnShards + All.Sum(index => index.Shards * (1 + index.Replicas));
        var more = wanted.Shards * (1 + wanted.Replicas);
        if (open + more > MostShards)
        {
            var total = Engine.IsOpenSearch ? "" : "normal ";
            throw new EngineError(
                400,
                "validation_exception",
                $"Validation Failed: 1: this action would add [{more}] total shards, but this cluster currently has "
                    + $"[{open}]/[{MostShards}] maximum {total}shards open;").Thrown();
        }
    }

    /// <summary>Another one when an index is created again, also in a later run.</summary>
    private string NewUuid(string name)
    {
        var seed = Encoding.UTF8.GetBytes($"{_cluster}: index {name}, number {++_created} since {_time.GetUtcNow():O}");
        return Base64Url.EncodeToString(SHA256.HashData(seed).AsSpan(0, 16));
    }
}
