/// The state of a ``WorkerPool`` in one word, so that joining a job is one compare-and-exchange: which job it
/// is, whether more helpers may join it, how many it can use, and how many have joined.
///
///     bit  63…33   32     31…16   15…0
///          job     open   limit   joined
struct WorkerTicket: Equatable {
  /// The most workers that a pool can have.
  static let maximum = 1 << 15
  static let idle = WorkerTicket(word: 0)
  /// The last ticket of a pool: its helpers go home.
  static let stop = WorkerTicket(word: .max)

  var word: UInt64

  init(word: UInt64) { self.word = word }

  /// The job after this one, open to `limit` helpers.
  func next(limit: Int) -> WorkerTicket {
    WorkerTicket(word: (word >> 33 + 1) << 33 | 1 << 32 | UInt64(limit) << 16)
  }

  var job: UInt64 { word >> 33 }
  var hasRoom: Bool { word & 1 << 32 != 0 && joined < limit }
  var limit: Int { Int(word >> 16 & 0xFFFF) }
  var joined: Int { Int(word & 0xFFFF) }

  /// With one helper more.
  var afterJoining: WorkerTicket { WorkerTicket(word: word + 1) }
  /// With no room for more helpers.
  var closed: WorkerTicket { WorkerTicket(word: word & ~(1 << 32)) }
}
