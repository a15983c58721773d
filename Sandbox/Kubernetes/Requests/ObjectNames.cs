using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>Who a new object is, and whether its metadata may look as it does.</summary>
internal static partial class ObjectNames
{
    private const int MaxNameBytes = 253;
    private const int MaxAnnotationBytes = 256 * 1024;
    private const string SuffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    private const string SubdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
        + "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string LabelValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
        + "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
        + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    /// <summary>Makes the body agree with its URL, or says how it does not.</summary>
    /// <exception cref="StatusException">400.</exception>
    public static void Identify(JsonObject document, ResourceTarget target)
    {
        var (definition, name) = (target.Definition, target.Name);
        var metadata = document.Ensure("metadata");
        if (document.Text("kind") is { } kind && kind != definition.Kind)
        {
            throw Bad($"{kind} in version \"{definition.Version}\" cannot be handled as a {definition.Kind}: "
                + $"no kind \"{kind}\" is registered for version \"{definition.ApiVersion}\"");
        }

        if (document.Text("apiVersion") is { } version && version != definition.ApiVersion)
        {
            throw Bad($"the API version in the data ({version}) does not match the expected API version ({definition.ApiVersion})");
        }

        if (metadata.Text("namespace") is { Length: > 0 } space && space != target.Namespace && definition.Namespaced)
        {
            throw Bad("the namespace of the provided object does not match the namespace sent on the request");
        }

        if (name.Length > 0 && metadata.Text("name") is { Length: > 0 } said && said != name)
        {
            throw Bad($"the name of the object ({said}) does not match the name on the URL ({name})");
        }

        document["apiVersion"] = definition.ApiVersion;
        document["kind"] = definition.Kind;
        SetOrRemove(metadata, "namespace", target.Namespace);
        SetOrRemove(metadata, "name", name.Length > 0 ? name : metadata.Text("name") ?? "");
    }

    /// <summary>A name made of <c>generateName</c> and five characters that spell no word.</summary>
    public static string Generate(string prefix) =>
        prefix + RandomNumberGenerator.GetString(SuffixAlphabet, 5);

    public static IEnumerable<FieldError> Check(JsonObject metadata)
    {
        var name = metadata.Text("name") ?? "";
        if (name.Length == 0)
        {
            yield return FieldError.Required("metadata.name", "name or generateName is required");
        }
        else if (name.Length > MaxNameBytes)
        {
            yield return FieldError.Invalid("metadata.name", $"\"{name}\"", $"must be no more than {MaxNameBytes} bytes");
        }
        else if (!Subdomain().IsMatch(name))
        {
            yield return FieldError.Invalid("metadata.name", $"\"{name}\"", SubdomainRule);
        }

        foreach (var error in CheckLabels(metadata).Concat(CheckAnnotations(metadata)))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> CheckLabels(JsonObject metadata)
    {
        foreach (var (key, value) in metadata.Member("labels") ?? [])
        {
            if (!QualifiedName().IsMatch(key))
            {
                yield return FieldError.Invalid("metadata.labels", $"\"{key}\"", "name part must consist of alphanumeric "
                    + "characters, '-', '_' or '.', and must start and end with an alphanumeric character");
            }

            if (value.AsText() is { } text && (text.Length > 63 || !LabelValue().IsMatch(text)))
            {
                yield return FieldError.Invalid("metadata.labels", $"\"{text}\"",
                    text.Length > 63 ? "must be no more than 63 bytes" : LabelValueRule);
            }
        }
    }

    private static IEnumerable<FieldError> CheckAnnotations(JsonObject metadata)
    {
        var annotations = metadata.Member("annotations") ?? [];
        foreach (var (key, _) in annotations.Where(a => !QualifiedName().IsMatch(a.Key.ToLowerInvariant())))
        {
            yield return FieldError.Invalid("metadata.annotations", $"\"{key}\"", "name part must consist of alphanumeric "
                + "characters, '-', '_' or '.', and must start and end with an alphanumeric character");
        }

        if (annotations.Sum(a => Encoding.UTF8.GetByteCount(a.Key + a.Value.AsText())) > MaxAnnotationBytes)
        {
            yield return FieldError.TooLong("metadata.annotations", MaxAnnotationBytes);
        }
    }

    private static void SetOrRemove(JsonObject metadata, string member, string value)
    {
        metadata.Remove(member);
        if (value.Length > 0)
        {
            metadata[member] = value;
        }
    }

    private static StatusException Bad(string message) => new(ApiStatus.BadRequest(message));

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex LabelValue();
}
