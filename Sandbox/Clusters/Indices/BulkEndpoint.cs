using System.Buffers.Text;
using System.Security.Cryptography;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary><c>_bulk</c>: every item succeeds or fails for itself.</summary>
internal sealed class BulkEndpoint(PretendIndices indices)
{
    public ClusterAnswer Answer(IndexRequest request)
    {
        var body = new BulkBody(
            indices.Engine, request.Values.GetValueOrDefault("index"), request.Flag("require_alias"));
        var actions = body.Parse(request.Body.Span);
        using var answer = new BulkAnswer(request.FilterPath, indices.Engine);
        var targets = new Targets(indices);
        for (var position = 0; position < actions.Count; position++)
        {
            var action = actions[position];
            var (index, missing) = targets.Find(action);
            var refusal = missing ?? request.Now.Items?.Invoke(position);
            if (index is null || refusal is not null)
            {
                answer.Refused(action, index?.Name ?? action.Index, action.Id, refusal!);
                continue;
            }

            if (Apply(action, index, targets.Check(index), request, answer) is { } id)
            {
                targets.Keep(index, id, action, request.Body.Span);
            }
        }

        targets.Append();
        if ((string?)request.Query["refresh"] is "" or "true" or "wait_for")
        {
            targets.Refresh();
        }

        return answer.Finish(took: 1);
    }

    /// <summary>The id of what was written; null when nothing was.</summary>
    private string? Apply(BulkAction action, PretendIndex index, DocumentCheck check, IndexRequest request, BulkAnswer answer)
    {
        var id = action.Id ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15));
        var source = request.Body.Span.Slice(action.Start, action.Length);
        var error = id.Length == 0
            ? IndexErrors.IllegalArgument("if _id is specified it must not be empty")
            : Unwritable(index, id, request.Now)
                ?? (action.Kind == "delete" ? null : check.Refuse(id, source));
        if (error is not null)
        {
            answer.Refused(action, index.Name, id, error);
            return null;
        }

        if (action.Kind == "delete")
        {
            var deleted = index.Documents.Delete(id);
            answer.Took(action, index.Name, id, new Written(1, deleted, 0), 1 + index.Replicas);
            return id;
        }

        if (index.Documents.Put(id, source, onlyNew: action.Kind == "create") is { Version: > 0 } written)
        {
            answer.Took(action, index.Name, id, written, 1 + index.Replicas);
            return id;
        }

        answer.Refused(action, index.Name, id, new EngineError(
            409,
            "version_conflict_engine_exception",
            $"[{id}]: version conflict, document already exists (current version [1])"));
        return null;
    }

    private EngineError? Unwritable(PretendIndex index, string id, Conditions now)
    {
        var shard = index.Shard(id);
        return index.RefuseWrite(now)
            ?? (ShardState.Of(index, now).IsMissing(shard) ? IndexErrors.ShardUnavailable(index, shard)
                : index.Documents.Bytes > PretendIndices.MostBytes ? IndexErrors.Rejected(indices.Engine)
                : null);
    }

    /// <summary>The indices of one request. Like the engines, it looks up once what a name means, and keeps to it.</summary>
    private sealed class Targets(PretendIndices indices)
    {
        private readonly Dictionary<(string, bool), (PretendIndex?, EngineError?)> _known = [];
        private readonly Dictionary<PretendIndex, DocumentCheck> _checks = [];
        private readonly Dictionary<PretendIndex, ArchiveRecords> _records = [];

        public (PretendIndex? Index, EngineError? Error) Find(BulkAction action)
        {
            var name = (action.Index, action.RequireAlias);
            if (!_known.TryGetValue(name, out var target))
            {
                _known[name] = target = indices.WriteTarget(action.Index, action.RequireAlias);
            }

            return target;
        }

        public DocumentCheck Check(PretendIndex index)
        {
            if (!_checks.TryGetValue(index, out var check))
            {
                _checks[index] = check = new DocumentCheck(index.Mapping, indices.Engine);
            }

            return check;
        }

        /// <summary>For the archive, if there is one.</summary>
        public void Keep(PretendIndex index, string id, BulkAction action, ReadOnlySpan<byte> body)
        {
            if (!indices.IsArchived)
            {
                return;
            }

            if (!_records.TryGetValue(index, out var records))
            {
                _records[index] = records = new ArchiveRecords();
            }

            if (action.Kind == "delete")
            {
                records.Delete(id);
            }
            else
            {
                records.Put(id, body.Slice(action.Start, action.Length));
            }
        }

        public void Append()
        {
            foreach (var (index, records) in _records)
            {
                indices.Append(index, records.Bytes);
            }
        }

        public void Refresh()
        {
            foreach (var index in _checks.Keys)
            {
                index.Documents.Refresh();
            }
        }
    }
}
