using Amazon.Runtime;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Datasets;

/// <summary>Opens sources: folders that the operator allows, and buckets with the keys of the resource's own namespace.</summary>
internal sealed class VersionSource(
    ISecretStore secrets, S3SourceClients clients, IOptions<SourceOptions> options, TimeProvider time) : IVersionSource
{
    private const string AccessKey = "accessKey";
    private const string SecretKey = "secretKey";

    private readonly CompleteVersions _complete = new();

    public async Task<ISourceSession> Open(string resourceNamespace, SourceSpec source, CancellationToken cancellationToken)
    {
        ISourceStore store = SourceUri.Parse(source.Uri) switch
        {
            SourceUri.S3 bucket => await Bucket(bucket, resourceNamespace, source, cancellationToken),
            SourceUri.Folder folder => await Task.Run(() => Folder(folder), cancellationToken),
            var other => throw new NotSupportedException($"{other} has no store."),
        };
        return new SourceSession(resourceNamespace, source, store, _complete);
    }

    private async Task<S3SourceStore> Bucket(
        SourceUri.S3 bucket, string resourceNamespace, SourceSpec source, CancellationToken cancellationToken)
    {
        var s3 = source.S3 ?? new S3Spec();
        if (source.SecretRef is null && OwnRoleRefusal(bucket, s3) is { } refusal)
        {
            throw new DependencyException(Dependency.Source, $"{bucket} is not readable: {refusal}");
        }

        var (accessKey, secretKey) = await Keys(resourceNamespace, source, cancellationToken);
        var host = s3.Endpoint.Length > 0 ? s3.Endpoint : $"AWS {s3.Region}".TrimEnd();
        try
        {
            var client = clients.For(new S3Access(s3.Endpoint, s3.Region, accessKey, secretKey, s3.ForcePathStyle));
            return new S3SourceStore(client, bucket, host, time);
        }
        catch (AmazonClientException undecided)
        {
            throw new DependencyException(
                Dependency.Source,
                $"{bucket} is not readable: nobody says in which region AWS shall be asked. Set spec.source.s3.region, "
                + "or spec.source.s3.endpoint for a store that is not AWS.",
                undecided);
        }
    }

    /// <summary>Without a Secret, the operator's own role would read for whoever wrote the resource. Null when it may.</summary>
    private string? OwnRoleRefusal(SourceUri.S3 source, S3Spec s3)
    {
        const string setting = $"{SourceOptions.Section}:{nameof(SourceOptions.OwnRoleBuckets)}";
        const string cure = $"Name a Secret with {AccessKey} and {SecretKey} in spec.source.secretRef";
        var allowed = options.Value.OwnRoleBuckets;
        return s3.Endpoint.Length > 0
            ? $"it names no spec.source.secretRef, and spec.source.s3.endpoint is '{s3.Endpoint}': the operator's own role is never "
                + $"shown to a store that a resource names. {cure}."
            : allowed.Contains(source.Bucket, StringComparer.Ordinal)
                ? null
                : $"it names no spec.source.secretRef, and the operator's own role is lent to the buckets of its setting {setting} only, "
                    + $"which is '{string.Join(", ", allowed)}'. {cure}, or add '{source.Bucket}' to the setting.";
    }

    private async Task<(string AccessKey, string SecretKey)> Keys(
        string resourceNamespace, SourceSpec source, CancellationToken cancellationToken)
    {
        if (source.SecretRef is not { } secret)
        {
            return ("", "");
        }

        var reference = new SecretReference("spec.source.secretRef.name", secret.Name, [AccessKey, SecretKey]);
        var stored = await secrets.Read(resourceNamespace, secret.Name, cancellationToken);
        return SecretReferences.Problem(reference, resourceNamespace, stored) is { } problem
            ? throw new DependencyException(Dependency.Source, problem.ToString())
            : (SecretReferences.Text(stored!.Data[AccessKey]), SecretReferences.Text(stored.Data[SecretKey]));
    }

    private FileSourceStore Folder(SourceUri.Folder folder)
    {
        const string setting = $"{SourceOptions.Section}:{nameof(SourceOptions.FileRoots)}";
        var roots = options.Value.FileRoots;
        if (roots.Count == 0)
        {
            throw new DependencyException(
                Dependency.Source,
                $"{folder} is not readable: folders of the operator's own file system are refused unless its setting {setting} "
                + "names a folder around them. Set it, or use an s3:// source.");
        }

        try
        {
            return RealPath.Of(folder.Path) is not { } real
                ? throw new DependencyException(
                    Dependency.Source, $"There is no folder {folder.Path}; create it, or mount the volume that holds it.")
                : roots.Select(RealPath.Of).FirstOrDefault(root => root is not null && RealPath.IsWithin(real, root)) is { } within
                    ? new FileSourceStore(folder.Path, within)
                    : throw new DependencyException(
                        Dependency.Source,
                        $"{folder} is not readable: it does not lie below {string.Join(", ", roots)}. Correct spec.source.uri, "
                        + $"or add its folder to the operator's setting {setting}.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DependencyException(Dependency.Source, $"{folder} is not readable: {failure.Message}", failure);
        }
    }
}
