using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Objects;
using ClusterGrains.Sandbox.Kubernetes.Tables;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>Writes answers in the form the client asked for.</summary>
internal sealed class Responses(TimeProvider time)
{
    private const string Json = "application/json";

    public static Task WriteStatus(HttpContext context, JsonObject status)
    {
        if (status.Member("details")?.Integer("retryAfterSeconds") is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return Write(context, (int)(status.Integer("code") ?? 200), writer => status.WriteTo(writer));
    }

    public static Task WriteDocument(HttpContext context, JsonNode document) => WriteDocument(context, 200, document);

    public static Task WriteDocument(HttpContext context, int code, JsonNode document) =>
        Write(context, code, writer => document.WriteTo(writer));

    public Task WriteObject(
        HttpContext context, int code, ResourceDefinition definition, StoredObject stored, View view, string includeObject)
    {
        return Write(context, code, writer =>
        {
            switch (view)
            {
                case View.Table:
                    new TableWriter(definition, includeObject, time).Write(writer, w => WriteVersion(w, stored.Revision), [stored]);
                    break;
                case View.Metadata:
                    TableWriter.WriteMetadata(writer, stored);
                    break;
                default:
                    writer.WriteRawValue(stored.Json, skipInputValidation: true);
                    break;
            }
        });
    }

    public Task WriteList(HttpContext context, ResourceDefinition definition, Page page, View view, string includeObject) =>
        Write(context, 200, writer =>
        {
            if (view is View.Table)
            {
                new TableWriter(definition, includeObject, time).Write(writer, w => WriteListMetadata(w, page, ""), page.Objects);
                return;
            }

            var isMetadata = view is View.Metadata;
            writer.WriteStartObject();
            writer.WriteString("apiVersion", isMetadata ? "meta.k8s.io/v1" : definition.ApiVersion);
            WriteItems(writer, page, isMetadata);
            writer.WriteString("kind", isMetadata ? "PartialObjectMetadataList" : definition.ListKind);
            writer.WriteStartObject("metadata");
            WriteListMetadata(writer, page, isMetadata || !definition.IsCustom ? "" : "continue");
            writer.WriteEndObject();
            writer.WriteEndObject();
        });

    public static void WriteVersion(Utf8JsonWriter writer, long revision) =>
        writer.WriteString("resourceVersion", revision.ToString(CultureInfo.InvariantCulture));

    private static void WriteItems(Utf8JsonWriter writer, Page page, bool isMetadata)
    {
        writer.WritePropertyName("items");
        if (isMetadata && page.Objects.Count == 0)
        {
            // Not an empty array: so does a real server, and clients have stumbled over it.
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        foreach (var stored in page.Objects)
        {
            if (isMetadata)
            {
                TableWriter.WriteMetadata(writer, stored);
            }
            else
            {
                writer.WriteRawValue(stored.Json, skipInputValidation: true);
            }
        }

        writer.WriteEndArray();
    }

    /// <param name="alwaysNamed">Custom resources are listed with <c>continue</c> even when it is empty.</param>
    private static void WriteListMetadata(Utf8JsonWriter writer, Page page, string alwaysNamed)
    {
        if (page.Continue.Length > 0 || alwaysNamed.Length > 0)
        {
            writer.WriteString("continue", page.Continue);
        }

        if (page.Remaining is { } remaining)
        {
            writer.WriteNumber("remainingItemCount", remaining);
        }

        WriteVersion(writer, page.Revision);
    }

    private static async Task Write(HttpContext context, int code, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        await using (var writer = CanonicalJson.Writer(buffer))
        {
            write(writer);
        }

        context.Response.StatusCode = code;
        context.Response.ContentType = Json;
        context.Response.ContentLength = buffer.Length;
        buffer.Position = 0;
        await buffer.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
