using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Hosting;
using ClusterGrains.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace ClusterGrains.Tests.Faults;

/// <summary>
/// The child verb <c>silo</c>: the real host with its real parts, in a process of its own; only that each effect passes a
/// crash point. Arguments: the file with the armed point, then the silo's command line.
/// </summary>
internal static class CrashingSilo
{
    public const string Verb = "silo";
    public const string Running = "running";

    public static async Task<int> Run(string[] args, CancellationToken parentGone)
    {
        var crasher = new Crasher(args[0]);
        await using var silo = SiloHost.Build(
            args[1..], builder => builder.Host.UseServiceProviderFactory(new Between(crasher)));
        await SiloHost.Start(silo);
        crasher.Tell(Running);
        await silo.WaitForShutdownAsync(parentGone);
        return 0;
    }

    /// <summary>Sees all registrations, and puts the crash points between the ports and those who use them.</summary>
    private sealed class Between(Crasher crasher) : IServiceProviderFactory<IServiceCollection>
    {
        public IServiceCollection CreateBuilder(IServiceCollection services)
        {
            Wrap<IHistoryStore>(services, inner => new CrashingHistory(inner, crasher));
            Wrap<IStatusApi>(services, inner => new CrashingStatus(inner, crasher));
            Wrap<IIndexStore>(services, inner => new CrashingIndices(inner, crasher));
            Wrap<IGrainStorage>(services, inner => new CrashingStorage(inner, crasher));
            return services;
        }

        public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder) =>
            containerBuilder.BuildServiceProvider();

        private static void Wrap<T>(IServiceCollection services, Func<T, T> wrap)
            where T : class
        {
            var inner = services.Last(service => service.ServiceType == typeof(T));
            services.Remove(inner);
            services.AddSingleton(provider => wrap((T)(
                (inner.IsKeyedService, inner) switch
                {
                    (true, { KeyedImplementationFactory: { } factory }) => factory(provider, inner.ServiceKey),
                    (false, { ImplementationFactory: { } factory }) => factory(provider),
                    (false, { ImplementationInstance: { } instance }) => instance,
                    _ => ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!),
                })));
        }
    }
}
