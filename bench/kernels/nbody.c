#include "checked.h"
#include <math.h>

#define PI 3.141592653589793
#define SOLAR_MASS (4.0 * PI * PI)
#define DAYS 365.24

typedef struct { double x, y, z, vx, vy, vz, mass; } Body;

static Body planet(double x, double y, double z, double vx, double vy, double vz, double mass) {
    return (Body){x, y, z, vx * DAYS, vy * DAYS, vz * DAYS, mass * SOLAR_MASS};
}

#define B(i) AT(bodies, length, i)

static void advance(Body *bodies, int64_t length, double dt) {
    for (int64_t i = 0; i < length; i++) {
        for (int64_t j = add(i, 1); j < length; j++) {
            double dx = B(i).x - B(j).x, dy = B(i).y - B(j).y, dz = B(i).z - B(j).z;
            double square = dx * dx + dy * dy + dz * dz;
            double magnitude = dt / (square * sqrt(square));
            double mass_i = B(i).mass * magnitude, mass_j = B(j).mass * magnitude;
            B(i).vx -= dx * mass_j;
            B(i).vy -= dy * mass_j;
            B(i).vz -= dz * mass_j;
            B(j).vx += dx * mass_i;
            B(j).vy += dy * mass_i;
            B(j).vz += dz * mass_i;
        }
    }
    for (int64_t i = 0; i < length; i++) {
        B(i).x += dt * B(i).vx;
        B(i).y += dt * B(i).vy;
        B(i).z += dt * B(i).vz;
    }
}

static double energy(const Body *bodies, int64_t length) {
    double e = 0.0;
    for (int64_t i = 0; i < length; i++) {
        Body b = B(i);
        e += 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz);
        for (int64_t j = i + 1; j < length; j++) {
            double dx = b.x - B(j).x, dy = b.y - B(j).y, dz = b.z - B(j).z;
            e -= b.mass * B(j).mass / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return e;
}

int main(void) {
    Body bodies[5] = {
        planet(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
        planet(4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023, 0.000954791938424326609),
        planet(8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411151, 0.00499852801234917238, 0.0000230417297573763929, 0.000285885980666130812),
        planet(12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556, 0.0000436624404335156298),
        planet(15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870, 0.0000515138902046611451),
    };
    for (int64_t step = 0; step < 500000; step++) advance(bodies, 5, 0.01);
    printf("%.9f\n", energy(bodies, 5));
}
