using System.CommandLine;

namespace Relay.Server.Cli.Federate;

/// <summary><c>relay federate</c>: owners of rows train one model together, and show each other sums only.</summary>
internal static class FederateCommand
{
    public static Command Create() => new(
        "federate", "Trains one model on the rows of three owners or more, who share masked sums and no rows.")
    {
        FederateKeyCommand.Create(),
        FederateTextsCommand.Create(),
        FederatePlanCommand.Create(),
        FederateCoordinateCommand.Create(),
        FederateJoinCommand.Create(),
    };
}
