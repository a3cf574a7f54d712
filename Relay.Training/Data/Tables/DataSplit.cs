using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <summary>What to train on and what to hold out.</summary>
public sealed record DataSplit(DataSet Train, DataSet Test);
