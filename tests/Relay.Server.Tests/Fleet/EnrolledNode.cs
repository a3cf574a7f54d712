using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Enrollment;
using Relay.Server.Fleet.Identity;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Fleet;

internal static class EnrolledNode
{
    /// <summary>Enrolls a node, and gives the signature of its check-ins.</summary>
    public static async Task<CheckInSignature> CreateAsync(
        string node, RelayDatabase database, DatabaseWriter writer, NodeLimits limits, TestClock clock)
    {
        using SigningNode signing = new(node);
        NodePublicKey key = NodePublicKey.Read(signing.PublicKey, out _)!;
        EnrollmentTokenCreated token = await new EnrollmentTokens(database, writer, clock).CreateAsync(new EnrollmentTokenRequest { Name = "test" });
        NodeEnroller enroller = new(database, writer, limits, clock, NullLogger<NodeEnroller>.Instance);
        Assert.Equal(EnrollmentOutcome.Enrolled, await enroller.EnrollAsync(node, key, token.Token));
        return new CheckInSignature(
            key.Identity, JsonSerializer.Serialize(Reports.Valid(node), RelayApiJson.Default.CheckIn), "/target", "input", "text");
    }
}
