using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>One <c>_aliases</c> request: all of its actions or none. Call it with the indices' lock held.</summary>
internal sealed class AliasChange(PretendIndices indices, Conditions now)
{
    private readonly Dictionary<PretendIndex, ImmutableSortedDictionary<string, JsonObject>> _after = [];
    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);
    private int _effects;

    /// <summary>Plain removes of aliases that are not there: left out without a word when something else is done.</summary>
    public List<AliasAction> Ignored { get; } = [];

    /// <exception cref="EngineException">The engine refuses it, and with it the whole request.</exception>
    public void Add(AliasAction action)
    {
        var targets = indices.Concrete(string.Join(',', action.Indices));
        foreach (var index in targets)
        {
            if (index.RefuseChange(now, delete: action.Kind == "remove_index") is { } blocked)
            {
                throw blocked.Thrown();
            }
        }

        switch (action.Kind)
        {
            case "remove_index":
                _removed.UnionWith(targets.Select(index => index.Name));
                _effects++;
                break;
            case "add":
                AddAliases(action, targets);
                break;
            default:
                RemoveAliases(action, targets);
                break;
        }
    }

    /// <exception cref="EngineException">What would come out is not allowed, or nothing would.</exception>
    public void Commit()
    {
        if (_effects == 0)
        {
            throw IndexErrors.NoAliases(string.Join(',', Ignored.SelectMany(action => action.Aliases).Distinct())).Thrown();
        }

        foreach (var alias in _after.Values.SelectMany(aliases => aliases.Keys).Distinct(StringComparer.Ordinal))
        {
            CheckWriteIndex(alias);
        }

        foreach (var (index, aliases) in _after)
        {
            index.Aliases = aliases;
        }

        indices.Remove(_removed);
    }

    private void AddAliases(AliasAction action, IReadOnlyList<PretendIndex> targets)
    {
        foreach (var alias in action.Aliases)
        {
            if (IndexNames.RefuseAlias(alias) is { } bad)
            {
                throw bad.Thrown();
            }

            if (indices.Find(alias) is not null && !_removed.Contains(alias))
            {
                var what = indices.Engine.IsOpenSearch ? "an index exists" : "an index or data stream exists";
                throw new EngineError(
                    400,
                    "invalid_alias_name_exception",
                    $"Invalid alias name [{alias}]: {what} with the same name as the alias").Thrown();
            }

            foreach (var index in targets)
            {
                Set(index, After(index).SetItem(alias, AliasActions.Properties(action.Given)));
            }
        }
    }

    private void RemoveAliases(AliasAction action, IReadOnlyList<PretendIndex> targets)
    {
        var removed = 0;
        foreach (var index in targets)
        {
            // The name may be a pattern here.
            foreach (var alias in After(index).Keys.Where(alias => action.Aliases.Any(name => IndexNames.Matches(name, alias))))
            {
                Set(index, After(index).Remove(alias));
                removed++;
            }
        }

        if (removed > 0)
        {
            return;
        }

        if (action.MustExist)
        {
            var names = string.Join(',', action.Aliases);
            throw (indices.Engine.IsOpenSearch
                ? IndexErrors.NoAliases(names)
                : new EngineError(404, "resource_not_found_exception", $"required alias [{names}] does not exist")).Thrown();
        }

        Ignored.Add(action);
    }

    private void CheckWriteIndex(string alias)
    {
        string[] writers =
        [
            .. from index in indices.All
               where !_removed.Contains(index.Name)
               where After(index).TryGetValue(alias, out var given) && (bool?)given["is_write_index"] == true
               select index.Name,
        ];
        if (writers.Length > 1)
        {
            throw new EngineError(
                500,
                "illegal_state_exception",
                $"alias [{alias}] has more than one write index [{string.Join(',', writers)}]").Thrown();
        }
    }

    private void Set(PretendIndex index, ImmutableSortedDictionary<string, JsonObject> aliases)
    {
        _after[index] = aliases;
        _effects++;
    }

    private ImmutableSortedDictionary<string, JsonObject> After(PretendIndex index) =>
        _after.GetValueOrDefault(index) ?? index.Aliases;
}
