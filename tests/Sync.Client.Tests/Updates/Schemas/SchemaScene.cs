using Relay.TestKit.Models;
using Shared.Contracts.Models;

namespace Sync.Client.Tests.Updates.Schemas;

/// <summary>A relay with one release, and the releases of another schema that may follow it.</summary>
public abstract class SchemaScene : IAsyncLifetime
{
    protected TestModel First { get; } = TestModel.Create(version: 1);

    protected NodeFixture Fixture { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Fixture = await NodeFixture.StartAsync();
        await Fixture.PublishAsync(First);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Fixture.DisposeAsync();
    }

    protected static TestModel Create(string difference, int version) => difference switch
    {
        "input fewer" => TestModel.Create(version: version, numbers: 3),
        "input more" => TestModel.Create(version: version, numbers: 5),
        "other order" => TestModel.Create(version: version, names: ["f0", "f2", "f1", "f3"]),
        "other name" => TestModel.Create(version: version, names: ["f0", "f1", "f2", "f4"]),
        "other type" => TestModel.Create(version: version, numbers: 3, categories: 1),
        "other class order" => TestModel.Create(version: version, classes: ["safe", "ddos", "xss"]),
        "class fewer" => TestModel.Create(version: version, classes: ["safe", "xss"]),
        "class more" => TestModel.Create(version: version, classes: ["safe", "xss", "ddos", "bot"]),
        "other benign class" => TestModel.Create(version: version).WithSchema(s => s with { Benign = "xss" }),
        "other task" => TestModel.ForTask(ModelTask.Regression, version: version),
        _ => throw new ArgumentOutOfRangeException(nameof(difference), difference, null),
    };

    protected async Task<SyncClient> OpenAndRefreshAsync()
    {
        SyncClient node = Fixture.OpenNode();
        Assert.True((await node.RefreshAsync()).Activated);
        return node;
    }

    protected async Task<SyncClient> RestartAsync()
    {
        SyncClient node = Fixture.OpenNode();
        await node.RestoreAsync();
        return node;
    }

    protected void AssertRuns(SyncClient node, int version)
    {
        for (int row = 0; row < First.Golden.Rows; row++)
        {
            Assert.Equal(version, node.Models.Single().Predict(First.NumbersOf(row)).Version);
        }
    }
}
