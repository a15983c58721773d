using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Writes the answer to a bulk request item by item; what <c>filter_path</c> leaves out is never built.</summary>
internal sealed class BulkAnswer : IDisposable
{
    private static readonly string[] Kinds = ["index", "create", "delete"];

    private static readonly string[] Fields =
        ["_index", "_type", "_id", "_version", "result", "_shards", "_seq_no", "_primary_term", "status"];

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _writer;
    private readonly Dictionary<string, HashSet<string>> _wanted = [];
    private readonly string? _filter;
    private readonly bool _typed;
    private bool _anyError;

    public BulkAnswer(string? filter, PretendEngine engine)
    {
        _filter = filter;
        _typed = engine.Major is 1 or 7;
        _writer = new Utf8JsonWriter(
            _buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        foreach (var kind in Kinds)
        {
            _wanted[kind] = [.. Fields.Where(field => FilterPath.Reaches(filter, "items", kind, field))];
        }

        _writer.WriteStartArray();
    }

    public void Took(BulkAction action, string index, string id, Written written, int copies)
    {
        var result = action.Kind == "delete" ? (written.Created ? "deleted" : "not_found") : written.Created ? "created" : "updated";
        var status = result switch { "created" => 201, "not_found" => 404, _ => 200 };
        var wanted = _wanted[action.Kind];
        if (wanted.Count == 0)
        {
            return;
        }

        Begin(action.Kind, wanted, index, id);
        Number(wanted, "_version", written.Version);
        if (wanted.Contains("result"))
        {
            _writer.WriteString("result", result);
        }

        if (wanted.Contains("_shards"))
        {
            _writer.WriteStartObject("_shards");
            _writer.WriteNumber("total", copies);
            _writer.WriteNumber("successful", copies);
            _writer.WriteNumber("failed", 0);
            _writer.WriteEndObject();
        }

        Number(wanted, "_seq_no", written.Sequence);
        Number(wanted, "_primary_term", 1);
        Number(wanted, "status", status);
        End();
    }

    public void Refused(BulkAction action, string index, string? id, EngineError error)
    {
        _anyError = true;
        var body = error.Body();
        string[] parts = [.. body.Select(part => part.Key).Where(part => Reaches(action.Kind, "error", part))];
        var wanted = _wanted[action.Kind];
        if (wanted.Count == 0 && parts.Length == 0)
        {
            return;
        }

        Begin(action.Kind, wanted, index, id);
        Number(wanted, "status", error.Status);
        if (parts.Length > 0)
        {
            _writer.WriteStartObject("error");
            foreach (var part in parts)
            {
                _writer.WritePropertyName(part);
                body[part]!.WriteTo(_writer);
            }

            _writer.WriteEndObject();
        }

        End();
    }

    public ClusterAnswer Finish(long took)
    {
        _writer.WriteEndArray();
        _writer.Flush();
        var head = new StringBuilder("{");
        if (FilterPath.Reaches(_filter, "took"))
        {
            head.Append("\"took\":").Append(took).Append(',');
        }

        if (FilterPath.Reaches(_filter, "errors"))
        {
            head.Append("\"errors\":").Append(_anyError ? "true" : "false").Append(',');
        }

        var items = Encoding.UTF8.GetString(_buffer.WrittenSpan);
        return new ClusterAnswer(
            200,
            items == "[]" && _filter is not null ? head.ToString().TrimEnd(',') + "}" : $"{head}\"items\":{items}}}");
    }

    public void Dispose() => _writer.Dispose();

    private bool Reaches(string kind, params string[] names) => FilterPath.Reaches(_filter, ["items", kind, .. names]);

    private void Begin(string kind, HashSet<string> wanted, string index, string? id)
    {
        _writer.WriteStartObject();
        _writer.WriteStartObject(kind);
        if (wanted.Contains("_index"))
        {
            _writer.WriteString("_index", index);
        }

        if (_typed && wanted.Contains("_type"))
        {
            _writer.WriteString("_type", "_doc");
        }

        if (wanted.Contains("_id"))
        {
            _writer.WriteString("_id", id);
        }
    }

    private void Number(HashSet<string> wanted, string name, long value)
    {
        if (wanted.Contains(name))
        {
            _writer.WriteNumber(name, value);
        }
    }

    private void End()
    {
        _writer.WriteEndObject();
        _writer.WriteEndObject();
    }
}
