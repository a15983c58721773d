using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Tables;

/// <summary>The columns of the built-in kinds, which no JSON path can express.</summary>
internal static class BuiltInColumns
{
    private const string NameDescription = "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";

    private static readonly PrinterColumn Age = new(
        "Age", "string", "", "Time since the object was created.", 0,
        (document, now) => PrinterColumn.Since(At(document, "metadata.creationTimestamp"), now));

    public static ImmutableArray<PrinterColumn> Of(string plural) => plural switch
    {
        "namespaces" => [Text("Status", "The status of the namespace", 0, "status.phase"), Age],
        "secrets" => [Text("Type", "Used to facilitate programmatic handling of secret data.", 0, "type"), Count("Data"), Age],
        "configmaps" => [Count("Data"), Age],
        "events" => Events(),
        "customresourcedefinitions" => [Created()],
        _ => [Age],
    };

    private static ImmutableArray<PrinterColumn> Events() =>
    [
        new("Last Seen", "string", "", "The time at which the most recent occurrence of this event was recorded.", 0, LastSeen),
        Text("Type", "Type of this event (Normal, Warning), new types could be added in the future", 0, "type"),
        Text("Reason", "This should be a short, machine understandable string that gives the reason for the transition into the object's current status.", 0, "reason"),
        new("Object", "string", "", "The object that this event is about.", 0, (document, _) =>
            $"{At(document, "involvedObject.kind").ToString().ToLowerInvariant()}/{At(document, "involvedObject.name")}"),
        Text("Subobject", "If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field access statement, such as desiredState.manifest.containers[2]. For example, if the object reference is to a container within a pod, this would take on a value like: \"spec.containers{name}\" (where \"name\" refers to the name of the container that triggered the event) or if no container name is specified \"spec.containers[2]\" (container with index 2 in this pod). This syntax is chosen only to have some well-defined way of referencing a part of an object.", 1, "involvedObject.fieldPath"),
        new("Source", "string", "", "The component reporting this event. Should be a short machine understandable string.", 1, Source),
        new("Message", "string", "", "A human-readable description of the status of this operation.", 0, (document, _) =>
            At(document, "message").ToString().Trim()),
        new("First Seen", "string", "", "The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)", 1, FirstSeen),
        new("Count", "string", "", "The number of times this event has occurred.", 1, (document, _) => Occurrences(document)),
        new("Name", "string", "name", NameDescription, 1, (document, _) => At(document, "metadata.name").ToString()),
    ];

    private static PrinterColumn Created() => new(
        "Created At", "date", "", "When the definition was created.", 0,
        (document, _) => At(document, "metadata.creationTimestamp").ToString());

    private static PrinterColumn Text(string name, string description, int priority, string path) =>
        new(name, "string", "", description, priority, (document, _) => At(document, path).ToString());

    private static PrinterColumn Count(string name) => new(
        name, "string", "", "How many entries there are.", 0, (document, _) =>
            Members(At(document, "data")) + Members(At(document, "binaryData")));

    private static int Members(JsonElement element) =>
        element.ValueKind is JsonValueKind.Object ? element.EnumerateObject().Count() : 0;

    private static JsonNode LastSeen(JsonElement document, DateTimeOffset now) =>
        Newest(document, now, "series.lastObservedTime", "lastTimestamp", "eventTime", "firstTimestamp");

    private static JsonNode FirstSeen(JsonElement document, DateTimeOffset now) =>
        Newest(document, now, "firstTimestamp", "eventTime");

    private static JsonNode Newest(JsonElement document, DateTimeOffset now, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (At(document, path) is { ValueKind: JsonValueKind.String } time)
            {
                return PrinterColumn.Since(time, now);
            }
        }

        return "<unknown>";
    }

    private static JsonNode Source(JsonElement document, DateTimeOffset now)
    {
        var component = At(document, "source.component").ToString();
        var host = At(document, "source.host").ToString();
        var reporter = component.Length > 0 ? component : At(document, "reportingComponent").ToString();
        return host.Length > 0 ? $"{reporter}, {host}" : reporter;
    }

    private static JsonNode Occurrences(JsonElement document)
    {
        var series = At(document, "series.count");
        var count = series.ValueKind is JsonValueKind.Number ? series : At(document, "count");
        return count.ValueKind is JsonValueKind.Number ? Math.Max(1, count.GetInt64()) : 1;
    }

    private static JsonElement At(JsonElement document, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (document.ValueKind is not JsonValueKind.Object || !document.TryGetProperty(name, out document))
            {
                return default;
            }
        }

        return document;
    }
}
