using System.Text.Json;
using Shared.Contracts.Api;

namespace Shared.Contracts.Tests.Api;

public sealed class TrainingRunRequestTests
{
    /// <summary>A relay of version 0.1 refuses members that it does not know.</summary>
    [Fact]
    public void Serialize_NothingNewIsAsked_HasTheMembersOfVersionOne() => Assert.Equal(
        """{"model":"m","data":{"train":"rows.csv","test":null,"simulator":null}}""",
        JsonSerializer.Serialize(
            new TrainingRunRequest("m", new TrainingDataSource { Train = "rows.csv" }), RelayApiJson.Default.TrainingRunRequest));
}
