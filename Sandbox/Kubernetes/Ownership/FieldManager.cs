using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Ownership;

/// <summary>One entry of <c>metadata.managedFields</c>.</summary>
internal sealed record FieldManager(
    string Name, bool Applies, string ApiVersion, string Subresource, string? Time, FieldSet Fields)
{
    private string Operation => Applies ? "Apply" : "Update";

    /// <summary>An applier is the same manager under every API version.</summary>
    public bool IsSameAs(FieldManager other) =>
        Name == other.Name && Applies == other.Applies && Subresource == other.Subresource
        && (Applies || ApiVersion == other.ApiVersion);

    public static FieldManager? FromJson(JsonObject entry) =>
        entry.Member("fieldsV1") is { Count: > 0 } fields && entry.Text("operation") is "Apply" or "Update"
            ? new FieldManager(
                entry.Text("manager") ?? "",
                entry.Text("operation") is "Apply",
                entry.Text("apiVersion") ?? "",
                entry.Text("subresource") ?? "",
                entry.Text("time"),
                FieldSet.FromJson(entry.Member("fieldsV1")!))
            : null;

    public JsonObject ToJson()
    {
        var entry = new JsonObject
        {
            ["apiVersion"] = ApiVersion,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = Fields.ToJson(),
            ["manager"] = Name,
            ["operation"] = Operation,
        };
        if (Subresource.Length > 0)
        {
            entry["subresource"] = Subresource;
        }

        if (Time is not null)
        {
            entry["time"] = Time;
        }

        return entry;
    }

    /// <summary>As in conflict messages.</summary>
    public string Show()
    {
        var subresource = Subresource.Length > 0 ? $" with subresource \"{Subresource}\"" : "";
        return $"\"{Name}\"{subresource}{(Applies ? "" : $" using {ApiVersion}")}";
    }
}
