using System.Text.Json;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Objects;

namespace ClusterGrains.Sandbox.Kubernetes.Tables;

/// <summary>Writes <c>meta.k8s.io/v1</c> Tables and PartialObjectMetadata.</summary>
internal sealed class TableWriter(ResourceDefinition definition, string includeObject, TimeProvider time)
{
    private static readonly PrinterColumn Name = new(
        "Name", "string", "name",
        "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a "
        + "client to request the generation of an appropriate name automatically. Name is primarily intended for creation "
        + "idempotence and configuration definition. Cannot be updated. More info: "
        + "https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
        0,
        (document, _) => document.GetProperty("metadata").GetProperty("name").GetString());

    /// <param name="metadata">Writes the members of the table's metadata.</param>
    /// <param name="withColumns">False in all but the first event of a watch.</param>
    public void Write(
        Utf8JsonWriter writer, Action<Utf8JsonWriter> metadata, IEnumerable<StoredObject> objects, bool withColumns = true)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "Table");
        writer.WriteString("apiVersion", "meta.k8s.io/v1");
        writer.WriteStartObject("metadata");
        metadata(writer);
        writer.WriteEndObject();
        WriteColumns(writer, withColumns);
        writer.WriteStartArray("rows");
        foreach (var row in objects)
        {
            WriteRow(writer, row);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteMetadata(Utf8JsonWriter writer, StoredObject stored)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "PartialObjectMetadata");
        writer.WriteString("apiVersion", "meta.k8s.io/v1");
        writer.WritePropertyName("metadata");
        stored.Document.GetProperty("metadata").WriteTo(writer);
        writer.WriteEndObject();
    }

    private IEnumerable<PrinterColumn> Columns() =>
        definition is { Group: "", Plural: "events" } ? definition.Columns : definition.Columns.Prepend(Name);

    private void WriteColumns(Utf8JsonWriter writer, bool withColumns)
    {
        writer.WritePropertyName("columnDefinitions");
        if (!withColumns)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        foreach (var column in Columns())
        {
            column.Definition().WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    private void WriteRow(Utf8JsonWriter writer, StoredObject stored)
    {
        var now = time.GetUtcNow();
        writer.WriteStartObject();
        writer.WriteStartArray("cells");
        foreach (var column in Columns())
        {
            CanonicalJson.Write(writer, column.Cell(stored.Document, now));
        }

        writer.WriteEndArray();
        writer.WritePropertyName("object");
        switch (includeObject)
        {
            case "None":
                writer.WriteNullValue();
                break;
            case "Object":
                writer.WriteRawValue(stored.Json, skipInputValidation: true);
                break;
            default:
                WriteMetadata(writer, stored);
                break;
        }

        writer.WriteEndObject();
    }
}
