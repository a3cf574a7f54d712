using System.Data.Common;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet;

/// <summary>Sees each report in the transaction that stores it, so that what it makes of the report and the report are durable together. What
/// goes wrong in an observer never keeps a report from being stored.</summary>
internal interface ICheckInObserver
{
    /// <summary>Called in the transaction, which may be run twice and rolled back once. One that throws has written nothing.</summary>
    /// <param name="isSigned">True when the node's key proves that the report is the node's.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    void Observe(DbConnection connection, DbTransaction transaction, CheckIn report, bool isSigned, long now);

    /// <summary>Called when a report is durable.</summary>
    void Stored(CheckIn report);
}
