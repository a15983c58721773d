using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>
/// Keeps the objects in one file: a line per change, rewritten to a line per object when it is opened and whenever it
/// has grown well past that. A line torn by a crash is dropped; everything answered before it is there.
/// </summary>
internal sealed class ObjectJournal(string path, ILogger logger) : IDisposable
{
    private const long RewriteAfterBytes = 32L * 1024 * 1024;

    private readonly Dictionary<(string Kind, ObjectKey Key), byte[]> _lines = [];
    private FileStream _file = null!;
    private long _rewriteAt;

    /// <summary>Reads what is there, hands it over and returns its newest revision (at least 1).</summary>
    public long Open(ResourceCatalog catalog, Action<ResourceDefinition, StoredObject> restore)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var revision = File.Exists(path) ? Replay() : 1;
        var kinds = catalog.All.ToDictionary(d => d.QualifiedPlural);
        foreach (var ((kind, _), line) in _lines)
        {
            if (kinds.TryGetValue(kind, out var definition))
            {
                restore(definition, Stored(CanonicalJson.ParseObject(line), definition.Schema));
            }
        }

        Rewrite(revision);
        return revision;
    }

    public void Put(ResourceDefinition definition, StoredObject stored)
    {
        var line = Line(definition, stored);
        _lines[(definition.QualifiedPlural, stored.Key)] = line;
        Append(line, stored.Revision);
    }

    /// <summary>Forgets everything for what was there at an earlier point.</summary>
    public void Replace(StorePoint point)
    {
        _lines.Clear();
        foreach (var (definition, objects) in point.Objects)
        {
            foreach (var stored in objects.Values)
            {
                _lines[(definition.QualifiedPlural, stored.Key)] = Line(definition, stored);
            }
        }

        Rewrite(point.Revision);
    }

    public void Remove(ResourceDefinition definition, StoredObject stored)
    {
        _lines.Remove((definition.QualifiedPlural, stored.Key));
        Append(Line(definition, stored.Revision, ("removed", stored.Key.ToString())), stored.Revision);
    }

    public void Dispose() => _file?.Dispose();

    private static byte[] Line(ResourceDefinition definition, StoredObject stored) =>
        Line(definition, stored.Revision, ("object", CanonicalJson.ParseObject(stored.Json)));

    private static byte[] Line(ResourceDefinition definition, long revision, (string Name, JsonNode Value) change) =>
        CanonicalJson.Bytes(new JsonObject
        {
            ["kind"] = definition.QualifiedPlural,
            ["revision"] = revision,
            [change.Name] = change.Value,
        });

    /// <summary>A definition may have changed since: as in a real server, objects are read by the newest one.</summary>
    private static StoredObject Stored(JsonObject line, Schema schema)
    {
        var document = line.Member("object")!.Clone();
        Pruning.Apply(document, schema);
        Defaulting.Apply(document, schema);
        return StoredObject.Freeze(document, line.Integer("revision")!.Value);
    }

    private long Replay()
    {
        var revision = 1L;
        foreach (var text in File.ReadLines(path, Encoding.UTF8))
        {
            try
            {
                revision = Math.Max(revision, Apply(Encoding.UTF8.GetBytes(text)));
            }
            catch (JsonException torn)
            {
                logger.JournalTorn(torn, path);
                break;
            }
        }

        return revision;
    }

    private long Apply(byte[] line)
    {
        var change = CanonicalJson.ParseObject(line);
        var revision = change.Integer("revision") ?? throw new JsonException("A line without revision.");
        var kind = change.Text("kind") ?? "";
        if (change.Text("removed") is { } removed)
        {
            _lines.Remove((kind, ObjectKey.Parse(removed)));
        }
        else if (change.Member("object") is not null)
        {
            _lines[(kind, Stored(change, Schema.Any).Key)] = line;
        }

        return revision;
    }

    private void Append(byte[] line, long revision)
    {
        _file.Write([.. line, (byte)'\n']);
        _file.Flush();
        if (_file.Length > _rewriteAt)
        {
            Rewrite(revision);
        }
    }

    private void Rewrite(long revision)
    {
        _file?.Dispose();
        var draft = path + ".new";
        using (var file = OwnerFile.Create(draft))
        {
            file.Write(CanonicalJson.Bytes(new JsonObject { ["revision"] = revision }));
            file.WriteByte((byte)'\n');
            foreach (var line in _lines.Values)
            {
                file.Write(line);
                file.WriteByte((byte)'\n');
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _rewriteAt = (_file.Length * 2) + RewriteAfterBytes;
    }
}
