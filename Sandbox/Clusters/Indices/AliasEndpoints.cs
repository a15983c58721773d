using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Aliases: what they show, and their atomic change.</summary>
internal sealed class AliasEndpoints(PretendIndices indices)
{
    public static JsonObject Aliases(PretendIndex index, Func<string, bool>? only = null) => new(
        from alias in index.Aliases
        where only is null || only(alias.Key)
        select KeyValuePair.Create<string, JsonNode?>(alias.Key, alias.Value.DeepClone()));

    public ClusterAnswer Get(IndexRequest request)
    {
        var among = indices.Resolve(request.Target);
        if (!request.Values.TryGetValue("alias", out var wanted))
        {
            return request.Reply(Show(among, only: null));
        }

        string[] names = wanted.Split(',');
        var shown = Show(among, alias => names.Any(name => IndexNames.Matches(name, alias)));
        string[] missing =
        [
            .. names.Where(name => !IndexNames.IsPattern(name)
                && !among.Any(index => index.Aliases.ContainsKey(name))),
        ];
        if (missing.Length == 0)
        {
            return request.Reply(shown);
        }

        shown["error"] = $"alias{(missing.Length == 1 ? "" : "es")} [{string.Join(',', missing)}] missing";
        shown["status"] = StatusCodes.Status404NotFound;
        return request.Reply(shown, StatusCodes.Status404NotFound);
    }

    public ClusterAnswer Resolve(IndexRequest request)
    {
        var expression = request.Values["name"];
        indices.Resolve(expression);
        string[] parts = expression.Split(',');
        var aliases = indices.All.SelectMany(index => index.Aliases.Keys).Distinct()
            .Where(alias => parts.Any(part => IndexNames.Matches(part, alias))).Order(StringComparer.Ordinal);
        return request.Reply(new JsonObject
        {
            ["indices"] = new JsonArray(
            [
                .. from index in indices.All
                   where parts.Any(part => IndexNames.Matches(part, index.Name))
                   select Resolved(index),
            ]),
            ["aliases"] = new JsonArray(
            [
                .. from alias in aliases
                   select new JsonObject
                   {
                       ["name"] = alias,
                       ["indices"] = Names(indices.Aliased(alias).Select(index => index.Name)),
                   },
            ]),
            ["data_streams"] = new JsonArray(),
        });
    }

    public ClusterAnswer Change(IndexRequest request)
    {
        var actions = AliasActions.Parse(request.RequiredJson(), indices.Engine);
        lock (indices.Changing)
        {
            var change = new AliasChange(indices, request.Now);
            foreach (var action in actions.OrderBy(action => action.Kind == "remove_index" ? 0 : 1))
            {
                change.Add(action);
            }

            change.Commit();
            return request.Reply(Answer(change.Ignored, actions.Count));
        }
    }

    /// <summary>Newer Elasticsearch tells what it left out; the others keep silent.</summary>
    private JsonObject Answer(List<AliasAction> ignored, int all)
    {
        var answer = IndexRequest.Acknowledged();
        if (!indices.Engine.LocatesErrors)
        {
            return answer;
        }

        answer["errors"] = ignored.Count > 0;
        if (ignored.Count > 0)
        {
            answer["action_results"] = new JsonArray(
            [
                .. ignored.Select(action => new JsonObject
                {
                    ["action"] = new JsonObject
                    {
                        ["type"] = action.Kind,
                        ["indices"] = Names(action.Indices),
                        ["aliases"] = Names(action.Aliases),
                    },
                    ["status"] = StatusCodes.Status404NotFound,
                    ["error"] = IndexErrors.NoAliases(string.Join(',', action.Aliases)).Body(),
                }),
                .. Enumerable.Repeat(0, all - ignored.Count)
                    .Select(_ => new JsonObject { ["status"] = StatusCodes.Status200OK }),
            ]);
        }

        return answer;
    }

    private static JsonObject Show(IEnumerable<PretendIndex> among, Func<string, bool>? only) => new(
        from index in among
        let aliases = Aliases(index, only)
        where only is null || aliases.Count > 0
        select KeyValuePair.Create<string, JsonNode?>(index.Name, new JsonObject { ["aliases"] = aliases }));

    private static JsonObject Resolved(PretendIndex index)
    {
        var resolved = new JsonObject { ["name"] = index.Name };
        if (!index.Aliases.IsEmpty)
        {
            resolved["aliases"] = Names(index.Aliases.Keys);
        }

        resolved["attributes"] = new JsonArray("open");
        return resolved;
    }

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => JsonValue.Create(name))];
}
