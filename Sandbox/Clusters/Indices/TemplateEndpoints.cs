using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Index templates, and what they would do to an index.</summary>
internal sealed class TemplateEndpoints(PretendIndices indices)
{
    public ClusterAnswer Put(IndexRequest request)
    {
        indices.Templates.Put(request.Values["name"], request.RequiredJson());
        return request.Reply(IndexRequest.Acknowledged());
    }

    public ClusterAnswer PutLegacy(IndexRequest request)
    {
        indices.Templates.PutLegacy(request.Values["name"], request.RequiredJson());
        return request.Reply(IndexRequest.Acknowledged());
    }

    public ClusterAnswer GetLegacy(IndexRequest request) => request.Reply(new JsonObject(
        indices.Templates.Legacy.Select(template =>
            KeyValuePair.Create<string, JsonNode?>(template.Key, template.Value.DeepClone()))));

    public ClusterAnswer Delete(IndexRequest request) => indices.Templates.Delete(request.Values["name"])
        ? request.Reply(IndexRequest.Acknowledged())
        : new EngineError(
            404, "index_template_missing_exception", $"index_template [{request.Values["name"]}] missing").Answer();

    /// <summary>Empty where no composable template matches.</summary>
    public ClusterAnswer Simulate(IndexRequest request)
    {
        var name = request.Values["name"];
        if (IndexNames.Refuse(name) is { } bad)
        {
            throw bad.Thrown();
        }

        if (indices.Templates.Composable(name) is not { } template)
        {
            return request.Reply(new JsonObject());
        }

        var settings = new JsonObject();
        foreach (var (key, value) in IndexSettings.None.With(template["settings"], indices.Engine).Values)
        {
            settings[key] = value;
        }

        return request.Reply(new JsonObject
        {
            ["template"] = new JsonObject
            {
                ["settings"] = FlatSettings.Nest(new JsonObject { ["settings"] = settings })["settings"]!.DeepClone(),
                ["mappings"] = template["mappings"]?.DeepClone() ?? new JsonObject(),
                ["aliases"] = template["aliases"]?.DeepClone() ?? new JsonObject(),
            },
            ["overlapping"] = new JsonArray(),
        });
    }
}
