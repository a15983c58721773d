using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Objects;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>Where a paged list goes on, and as of when.</summary>
/// <param name="Revision">Of the snapshot; -1 goes on in the newest one, which is not consistent with earlier pages.</param>
/// <param name="After">The last object of the previous page.</param>
internal sealed record ContinueToken(long Revision, ObjectKey After)
{
    private const string Format = "meta.k8s.io/v1";

    public override string ToString() => Base64Url.EncodeToString(CanonicalJson.Bytes(new JsonObject
    {
        ["v"] = Format,
        ["rv"] = Revision,
        ["start"] = After.ToString(),
    }));

    /// <exception cref="StatusException">400: not a token of this API.</exception>
    public static ContinueToken Parse(string text)
    {
        try
        {
            var token = CanonicalJson.ParseObject(Base64Url.DecodeFromChars(text));
            if (token.Text("v") is Format && token.Integer("rv") is { } revision && token.Text("start") is { } start)
            {
                return new ContinueToken(revision, ObjectKey.Parse(start));
            }
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException or DecoderFallbackException)
        {
            // Answered below like any other text that is no token.
        }

        throw new StatusException(ApiStatus.BadRequest("continue key is not valid: it was not issued by this server"));
    }
}
