using System.Diagnostics.Metrics;
using System.Text.Json.Serialization;
using ClusterGrains.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace ClusterGrains.Tests.Storage;

/// <summary>A SQLite database in a folder of its own, deleted with it.</summary>
internal sealed class TestDatabase : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clustergrains-storage-");
    private readonly ServiceProvider _services =
        new ServiceCollection().AddMetrics().AddSerializer().BuildServiceProvider();

    public TestDatabase(string? path = null, int queueLimit = 8192)
    {
        Path = path ?? System.IO.Path.Combine(_folder.FullName, "test.db");
        QueueLimit = queueLimit;
        Database = New();
    }

    public string Path { get; }

    public int QueueLimit { get; }

    public SqliteDatabase Database { get; private set; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public SqliteGrainStorage Storage => new(
        Database,
        new StateSerializer([(JsonSerializerContext)SampleJson.Default]),
        _services.GetRequiredService<IActivatorProvider>());

    public SqliteReminderTable Reminders => new(Database);

    public SqliteResourceIndex Index => new(Database);

    public TestDatabase Open()
    {
        Database.Open();
        return this;
    }

    /// <summary>Closes the file as a stopping silo does and opens it as the next one does.</summary>
    public void Reopen()
    {
        Database.Close();
        Database = New();
        Database.Open();
    }

    /// <summary>Another silo on the same file.</summary>
    public SqliteDatabase New() => new(
        Options.Create(new SqliteOptions { Path = Path, QueueLimit = QueueLimit }),
        new StorageMetrics(Meters),
        TimeProvider.System,
        NullLogger<SqliteDatabase>.Instance);

    /// <summary>Reads the file past the storage, as an operator with a shell would.</summary>
    public T Raw<T>(Func<SqliteConnection, T> look)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return look(connection);
    }

    public object? Scalar(string sql) => Raw(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    });

    public void Dispose()
    {
        Database.Dispose();
        _services.Dispose();
        _folder.Delete(recursive: true);
    }
}
