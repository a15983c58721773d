using ClusterGrains.Resources;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Datasets;

/// <summary>Limits how many candidates one silo works on beyond Plan. A run takes a place when it needs one, not before.</summary>
internal sealed class UpdateAdmission(IOptions<DatasetOptions> options) : IDisposable
{
    private readonly RunAdmission _admission = new(options.Value.MaxUpdates);

    /// <summary>Waits for a place; disposing the answer gives it back.</summary>
    public Task<IDisposable> Enter(CancellationToken cancellationToken) => _admission.Enter(cancellationToken);

    public void Dispose() => _admission.Dispose();
}
