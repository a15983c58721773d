using System.Globalization;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Objects;
using ClusterGrains.Sandbox.Kubernetes.Schemas;
using ClusterGrains.Sandbox.Kubernetes.Selectors;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>The query of lists, watches and collection deletes.</summary>
internal sealed record ListOptions
{
    public bool Watch { get; private init; }

    /// <summary>0 means no limit.</summary>
    public int Limit { get; private init; }

    public string Continue { get; private init; } = "";

    /// <summary>Null when not given; 0 means any.</summary>
    public long? ResourceVersion { get; private init; }

    public string ResourceVersionMatch { get; private init; } = "";

    public bool? SendInitialEvents { get; private init; }

    public bool AllowBookmarks { get; private init; }

    public TimeSpan? Timeout { get; private init; }

    public LabelSelector Labels { get; private init; } = LabelSelector.Everything;

    public FieldSelector Fields { get; private init; } = FieldSelector.Everything;

    /// <summary>None, Metadata (the default) or Object: what table rows carry.</summary>
    public string IncludeObject { get; private init; } = "Metadata";

    public bool SelectsEverything => Labels.IsEverything && Fields.IsEverything;

    public bool Matches(StoredObject stored) => Labels.Matches(stored.Labels) && (Fields.IsEverything || Fields.Matches(stored.Document));

    /// <exception cref="StatusException">400 or 422: a parameter cannot be read or does not go with another.</exception>
    public static ListOptions Parse(IQueryCollection query, ResourceDefinition definition)
    {
        try
        {
            var options = new ListOptions
            {
                Watch = Flag(query, "watch") ?? false,
                Limit = (int)Math.Clamp(Number(query, "limit") ?? 0, 0, int.MaxValue),
                Continue = Text(query, "continue"),
                ResourceVersion = Number(query, "resourceVersion"),
                ResourceVersionMatch = Text(query, "resourceVersionMatch"),
                SendInitialEvents = Flag(query, "sendInitialEvents"),
                AllowBookmarks = Flag(query, "allowWatchBookmarks") ?? false,
                Timeout = Number(query, "timeoutSeconds") is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null,
                Labels = LabelSelector.Parse(Text(query, "labelSelector")),
                Fields = FieldSelector.Parse(Text(query, "fieldSelector"), definition),
                IncludeObject = Text(query, "includeObject") is { Length: > 0 } include ? include : "Metadata",
            };
            options.Validate();
            return options;
        }
        catch (FormatException unreadable)
        {
            throw new StatusException(ApiStatus.BadRequest(unreadable.Message));
        }
    }

    private void Validate()
    {
        if (Continue.Length > 0 && ResourceVersion is > 0)
        {
            throw new StatusException(ApiStatus.BadRequest("specifying resource version is not allowed when using continue"));
        }

        if (Refusal() is { } refusal)
        {
            throw new StatusException(ApiStatus.Invalid(
                "ListOptions.meta.k8s.io",
                new() { ["group"] = "meta.k8s.io", ["kind"] = "ListOptions" }, "", [refusal]));
        }
    }

    private FieldError? Refusal() => this switch
    {
        { Watch: true, SendInitialEvents: not null, ResourceVersionMatch: not "NotOlderThan" } => FieldError.Forbidden(
            "resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"),
        { Watch: true, SendInitialEvents: null, ResourceVersionMatch: not "" } => FieldError.Forbidden(
            "resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"),
        { Watch: false, SendInitialEvents: not null } => FieldError.Forbidden(
            "sendInitialEvents", "sendInitialEvents is forbidden for list"),
        { Watch: false, ResourceVersionMatch: not "", ResourceVersion: null } => FieldError.Forbidden(
            "resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided"),
        { ResourceVersionMatch: not ("" or "Exact" or "NotOlderThan") } => FieldError.NotSupported(
            "resourceVersionMatch", $"\"{ResourceVersionMatch}\"", ["\"Exact\"", "\"NotOlderThan\"", "\"\""]),
        { ResourceVersionMatch: "Exact", ResourceVersion: 0 } => FieldError.Forbidden(
            "resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""),
        _ => null,
    };

    private static string Text(IQueryCollection query, string name) => query[name].ToString();

    private static bool? Flag(IQueryCollection query, string name) => query.ContainsKey(name)
        ? Text(query, name) is not ("false" or "0" or "False" or "FALSE" or "F" or "f")
        : null;

    private static long? Number(IQueryCollection query, string name) => Text(query, name) switch
    {
        "" => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw new FormatException($"Invalid value: \"{text}\": {name} must be a number"),
    };
}
