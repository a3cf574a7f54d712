namespace Relay.Server.Repository;

/// <summary>A running rollout steers a channel: until it is over, no other change of the channel is published.</summary>
/// <param name="Salt">Of the candidate, so that a publication which waits for signatures is known again as one of the rollout.</param>
internal sealed record ChannelReservation(long Rollout, string Salt);

/// <summary>Finds the rollout that steers a channel. It is asked inside the transaction that changes the channel, so that nothing comes in
/// between.</summary>
internal interface IChannelReservations
{
    ChannelReservation? Find(string channel);
}
