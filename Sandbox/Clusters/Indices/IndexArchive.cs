using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>
/// Indices on disk, so that a cluster has them again after a restart of the sandbox: one file about each index and one
/// with its documents, appended. Safe against a crash of the process, not synced to disk.
/// </summary>
internal sealed class IndexArchive(string folder)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _saved = new(StringComparer.Ordinal);

    public IReadOnlyList<PretendIndex> Load(PretendEngine engine)
    {
        Directory.CreateDirectory(folder);
        var all = new List<PretendIndex>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.json"))
        {
            var text = File.ReadAllText(file);
            var about = (JsonObject)JsonNode.Parse(text)!;
            var index = Read(about, engine);
            _saved[index.Uuid] = text;
            using (var records = new FileStream(Documents(index.Uuid), FileMode.OpenOrCreate))
            {
                // What a crash cut off must not stand before what comes next.
                records.SetLength(ArchiveRecords.Replay(records, index.Documents));
            }

            index.Documents.Refresh();
            all.Add(index);
        }

        return all;
    }

    /// <summary>What changed about indices since the last time; those that are gone are forgotten.</summary>
    public void Save(IEnumerable<PretendIndex> all)
    {
        lock (_lock)
        {
            var gone = _saved.Keys.ToHashSet(StringComparer.Ordinal);
            foreach (var index in all)
            {
                gone.Remove(index.Uuid);
                var text = About(index).ToJsonString();
                if (_saved.GetValueOrDefault(index.Uuid) != text)
                {
                    File.WriteAllText(About(index.Uuid) + ".new", text);
                    File.Move(About(index.Uuid) + ".new", About(index.Uuid), overwrite: true);
                    _saved[index.Uuid] = text;
                }
            }

            foreach (var uuid in gone)
            {
                File.Delete(About(uuid));
                File.Delete(Documents(uuid));
                _saved.Remove(uuid);
            }
        }
    }

    public void Append(PretendIndex index, ReadOnlySpan<byte> records)
    {
        lock (_lock)
        {
            using var file = new FileStream(Documents(index.Uuid), FileMode.Append, FileAccess.Write);
            file.Write(records);
        }
    }

    private static JsonObject About(PretendIndex index)
    {
        var about = new JsonObject
        {
            ["name"] = index.Name,
            ["uuid"] = index.Uuid,
            ["createdAt"] = index.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
            ["lost"] = index.Lost,
            ["settings"] = JsonSerializer.SerializeToNode(index.Settings.Values),
            ["mappings"] = index.Mapping.ToJson(),
            ["aliases"] = AliasEndpoints.Aliases(index),
        };
        return about;
    }

    private static PretendIndex Read(JsonObject about, PretendEngine engine)
    {
        var createdAt = DateTimeOffset.Parse((string)about["createdAt"]!, CultureInfo.InvariantCulture);
        var index = new PretendIndex(
            (string)about["name"]!,
            (string)about["uuid"]!,
            createdAt,
            IndexSettings.None.With(about["settings"], engine))
        {
            Lost = (bool)about["lost"]!,
        };
        index.Mapping.Merge(about["mappings"], engine);
        foreach (var (alias, properties) in (JsonObject)about["aliases"]!)
        {
            index.Aliases = index.Aliases.SetItem(alias, (JsonObject)properties!.DeepClone());
        }

        return index;
    }

    private string About(string uuid) => Path.Combine(folder, $"{uuid}.json");

    private string Documents(string uuid) => Path.Combine(folder, $"{uuid}.documents");
}
